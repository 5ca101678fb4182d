import type { Graph } from '../enforcement/graph';
import { GuitarsError } from '../errors';
import { ident, MAX_IDENTIFIER_BYTES, qualified, shortHash, truncateBytes } from '../sql/identifiers';
import { buildStep } from './indexes';
import { type IndexFacts, namedAs } from './indexFacts';
import type { Site, Step } from './step';

/**
 * Foreign keys that a cascade follows get an index, where they have none: else each archived parent reads the table.
 *
 * @throws GuitarsError no name is left for one
 */
export async function keySteps(site: Site, graph: Graph): Promise<Step[]> {
  const { table } = site.table;
  const columns = graph.edges
    .filter(({ child, policy, onDelete }) => child.table === table && (policy !== 'keep' || onDelete === 'CASCADE'))
    .map(({ column }) => column);
  const steps: Step[] = [];
  for (const column of new Set(columns)) {
    const name = await freeName(site, column);
    const sql = `CREATE INDEX CONCURRENTLY ${ident(name)} ON ${qualified(table)} (${ident(column)})`;
    const title = `build an index of the foreign key ${column}`;
    steps.push(buildStep(site, title, sql, name, () => isIndexed(site, column)));
  }
  return steps;
}

async function isIndexed({ session, table: { table } }: Site, column: string): Promise<boolean> {
  const rows = await session.select(
    `SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      WHERE i.indrelid = to_regclass($1) AND a.attname = $2 AND i.indisvalid AND i.indpred IS NULL`,
    [qualified(table), column],
  );
  return rows.length > 0;
}

/** As Sequelize names an index of one column; where something else has that name, with a hash behind it. */
async function freeName(site: Site, column: string): Promise<string> {
  const { table } = site.table;
  const plain = `${table.name}_${column}`;
  const names = [Buffer.byteLength(plain) <= MAX_IDENTIFIER_BYTES ? plain : hashed(plain), hashed(plain)];
  for (const name of names) {
    const found = await namedAs(site.session, table, name);
    if (!found || serves(found, column)) return name;
  }
  if (await isIndexed(site, column)) return plain;
  throw new GuitarsError(
    `The foreign key "${column}" of "${table.name}" needs an index, and ${names.map((name) => `"${name}"`).join(' and ')} are ` +
      `taken by other relations. Build one: CREATE INDEX CONCURRENTLY ON ${qualified(table)} (${ident(column)})`,
  );
}

/** Is it the index that we want, or what a kill has left of it, which is invalid? */
function serves({ own, valid, unique, predicate, columns }: IndexFacts, column: string): boolean {
  if (!own || predicate !== null) return false;
  return valid ? columns[0] === column : !unique && columns.length === 1 && columns[0] === column;
}

const hashed = (name: string) => `${truncateBytes(name, MAX_IDENTIFIER_BYTES - 9)}_${shortHash(name)}`;
