import type { Graph } from '../enforcement/graph';
import { ident, MAX_IDENTIFIER_BYTES, qualified, shortHash, truncateBytes } from '../sql/identifiers';
import { buildStep } from './indexes';
import type { Site, Step } from './step';

/** Foreign keys that a cascade follows get an index, where they have none: else each archived parent reads the table. */
export function keySteps(site: Site, graph: Graph): Step[] {
  const { session, table } = site;
  const columns = graph.edges
    .filter(
      ({ child, policy, onDelete }) => child.table === table.table && (policy !== 'keep' || onDelete === 'CASCADE'),
    )
    .map(({ column }) => column);
  return [...new Set(columns)].map((column) => {
    const name = indexName(`${table.table.name}_${column}`);
    const there = async () => {
      const rows = await session.select(
        `SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
          WHERE i.indrelid = to_regclass($1) AND a.attname = $2 AND i.indisvalid AND i.indpred IS NULL`,
        [qualified(table.table), column],
      );
      return rows.length > 0;
    };
    const sql = `CREATE INDEX CONCURRENTLY ${ident(name)} ON ${qualified(table.table)} (${ident(column)})`;
    return buildStep(site, `build an index of the foreign key ${column}`, sql, name, there);
  });
}

/** As Sequelize names an index of one column. */
function indexName(name: string): string {
  if (Buffer.byteLength(name) <= MAX_IDENTIFIER_BYTES) return name;
  return `${truncateBytes(name, MAX_IDENTIFIER_BYTES - 9)}_${shortHash(name)}`;
}
