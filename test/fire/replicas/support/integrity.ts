import type pg from 'pg';

/** What must never be found in the tables of the library, by SQL that knows nothing of ours: each row is a broken promise. */
const BROKEN = {
  'a live book on an archived shelf': `SELECT book.id FROM book JOIN shelf ON shelf.id = shelf_id
    WHERE book._deleted_at IS NULL AND shelf._deleted_at IS NOT NULL`,
  'a book on no shelf': `SELECT id FROM book WHERE shelf_id IS NOT NULL AND NOT EXISTS (SELECT FROM shelf WHERE shelf.id = shelf_id)`,
  'two live books of one code': `SELECT min(id) AS id FROM book WHERE _deleted_at IS NULL AND code IS NOT NULL GROUP BY code HAVING count(*) > 1`,
  'a book whose history ends elsewhere': endsElsewhere('book', ['title', 'shelf_id', '_updated_at', '_deleted_at']),
  'a shelf whose history ends elsewhere': endsElsewhere('shelf', ['name', '_updated_at', '_deleted_at']),
  'a gap in the history of a book': `SELECT id FROM (
      SELECT id, _version - lag(_version) OVER (PARTITION BY id ORDER BY _entry) AS step FROM book_history WHERE _operation <> 'delete'
    ) AS steps WHERE step <> 1`,
};

function endsElsewhere(table: string, columns: readonly string[]): string {
  const row = (alias: string) => `(${columns.map((column) => `${alias}.${column}`).join(', ')})`;
  return `SELECT id FROM (SELECT DISTINCT ON (id) * FROM ${table}_history ORDER BY id, _entry DESC) AS last
    FULL JOIN ${table} AS own USING (id)
    WHERE CASE WHEN own._version IS NULL THEN last._operation <> 'delete' ELSE ${row('last')} IS DISTINCT FROM ${row('own')} END`;
}

/** The promises that are broken, with the keys of the rows. */
export async function brokenPromises(client: pg.Client): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const [name, sql] of Object.entries(BROKEN)) {
    const { rows } = await client.query(sql);
    if (rows.length > 0) found[name] = rows.map(({ id }) => id);
  }
  return found;
}
