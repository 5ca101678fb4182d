import type pg from 'pg';
import { isDated, isSoft, targetOf, timesOf } from './define';
import { KINDS } from './kinds';
import { type LinkSpec, ROWS, type TableSpec, type WorldSpec } from './spec';
import { quote, tableName, text } from './tables';

/** A row by its table and place. */
export type Place = `${number}.${number}`;

/** How many rows each table gets: no more than its key and its code have values. */
export const rowsOf = (table: TableSpec) =>
  Math.min(
    ROWS,
    KINDS[(table.key[0] as TableSpec['code']).kind]?.values.length as number,
    KINDS[table.code.kind]?.values.length as number,
  );

const value = (kind: string, n: number) => {
  const values = KINDS[kind]?.values as readonly string[];
  return text(values[n % values.length] as string);
};

/** An SQL condition that picks one row. */
export function isRow(table: TableSpec, n: number, alias = ''): string {
  const [first, second] = table.key;
  const own = (column: string) => `${alias}${quote(column)}`;
  const one = `${own(first?.column as string)} = ${value(first?.kind as string, n)}`;
  return second ? `${one} AND ${own(second.column)} = ${value(second.kind, n)}` : one;
}

/** Rows of all tables, then their links. */
export async function fill(client: pg.Client, spec: WorldSpec): Promise<void> {
  for (const table of spec.tables) {
    const columns = [...table.key, table.code, ...table.others];
    for (let n = 0; n < rowsOf(table); n++) {
      // What is unique among live rows is not to be the same twice.
      const values = columns.map(({ kind }, at) =>
        table.unique && at === table.key.length + 1 && n >= (KINDS[kind]?.values.length as number)
          ? 'NULL'
          : value(kind, n),
      );
      await client.query(
        `INSERT INTO ${tableName(table)} (${columns.map((each) => quote(each.column)).join(', ')}) VALUES (${values.join(', ')})`,
      );
    }
  }
  for (const link of spec.links) {
    const [child, parent] = [spec.tables[link.child] as TableSpec, spec.tables[link.parent] as TableSpec];
    for (let n = 0; n < rowsOf(child); n++) {
      if ((link.to[n] as number) >= rowsOf(parent)) continue;
      await client.query(
        `UPDATE ${tableName(child)} SET ${quote(link.column)} = ${value(targetOf(spec, link).kind, link.to[n] as number)} WHERE ${isRow(child, n)}`,
      );
    }
  }
}

/** The rows that are live, and what all rows hold beside the times and marks that the database keeps. */
export async function state(
  client: pg.Client,
  spec: WorldSpec,
): Promise<{ live: Set<Place>; rows: Map<Place, string> }> {
  const found = await client.query<{ place: Place; live: boolean; held: string }>(
    spec.tables.map((table, index) => held(table, index)).join(' UNION ALL '),
  );
  return {
    live: new Set(found.rows.filter(({ live }) => live).map(({ place }) => place)),
    rows: new Map(found.rows.map(({ place, held }) => [place, held])),
  };
}

function held(table: TableSpec, index: number): string {
  const { updatedAt, deletedAt } = timesOf(table);
  const soft = isSoft(table) ? [deletedAt, table.deletion ?? '_deletion'] : [];
  const kept = [...(isDated(table) ? [updatedAt] : []), ...soft, '_version'];
  const which = Array.from({ length: rowsOf(table) }, (_, n) => `WHEN ${isRow(table, n)} THEN '${index}.${n}'`);
  const live = isSoft(table) ? `${quote(deletedAt)} IS NULL` : 'true';
  return `SELECT CASE ${which.join(' ')} END AS place, ${live} AS live,
    (to_jsonb(whole) - ARRAY[${kept.map(text).join(', ')}]::text[])::text AS held FROM ${tableName(table)} AS whole`;
}

/** What archiving a row does by the contract: the rows that go, or the links that refuse. */
export function expected(
  spec: WorldSpec,
  live: ReadonlySet<Place>,
  root: Place,
): { gone: Set<Place>; refusedBy: LinkSpec[] } {
  const gone = new Set<Place>([root]);
  const children = (parent: Place, policy: string) =>
    spec.links
      .filter((link) => policyOf(spec, link) === policy)
      .flatMap((link) =>
        link.to
          .map((to, n) => ({ to: `${link.parent}.${to}`, place: `${link.child}.${n}` as Place, link }))
          .filter(({ to, place }) => to === parent && live.has(place)),
      );
  for (const place of gone) for (const child of children(place, 'cascade')) gone.add(child.place);
  const refusing = [...gone].flatMap((place) => children(place, 'restrict')).filter(({ place }) => !gone.has(place));
  return { gone, refusedBy: refusing.map(({ link }) => link) };
}

const POLICIES = { CASCADE: 'cascade', RESTRICT: 'restrict', 'NO ACTION': 'restrict', 'SET NULL': 'keep' } as const;

/** What archiving the parent does: nothing where one of the two cannot be archived. */
export function policyOf({ tables }: WorldSpec, { child, parent, policy, onDelete }: LinkSpec): string {
  if (![child, parent].every((n) => isSoft(tables[n] as TableSpec))) return 'keep';
  return policy ?? POLICIES[onDelete];
}
