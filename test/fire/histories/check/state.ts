import { EDGES, TABLES, tableNamed, WIDE_KEY } from '../graph';
import type { Check } from './promise';

const keyText = (alias: string, table: string) =>
  tableNamed(table)
    .id.map((column) => `${alias}.${column}`)
    .join(` || '/' || `);

/** F1: no row refers to one that is not there. The constraints are not asked, they might have been got round. */
const dangling: Check[] = [
  ...EDGES.map(({ child, column, parent }) => ({
    promise: 'F1',
    sql: `SELECT '${child} ' || ${keyText('c', child)} || ' refers by ${column} to no ${parent}' AS broken FROM ${child} AS c
      WHERE c.${column} IS NOT NULL AND NOT EXISTS (SELECT FROM ${parent} AS p WHERE p.id = c.${column})`,
  })),
  {
    promise: 'F1',
    sql: `SELECT 'ticket ' || c.id || ' refers to no seat' AS broken FROM ${WIDE_KEY.child} AS c
      WHERE c.hall_id IS NOT NULL AND c.number IS NOT NULL
        AND NOT EXISTS (SELECT FROM ${WIDE_KEY.parent} AS p WHERE p.hall_id = c.hall_id AND p.number = c.number)`,
  },
];

/** F2, F3: no live row under an archived parent, unless the policy keeps it. */
const orphans: Check[] = EDGES.filter(({ policy }) => policy !== 'keep').map(({ child, column, parent, policy }) => ({
  promise: 'F3',
  sql: `SELECT '${child} ' || ${keyText('c', child)} || ' is live under an archived ${parent} (${policy})' AS broken
    FROM ${child} AS c JOIN ${parent} AS p ON p.id = c.${column} WHERE c._deleted_at IS NULL AND p._deleted_at IS NOT NULL`,
}));

/** U1: unique among live rows. */
const doubles: Check[] = TABLES.filter(({ coded }) => coded).map(({ name }) => ({
  promise: 'U1',
  sql: `SELECT '${name}: ' || count(*) || ' live rows have the code ' || code AS broken FROM ${name}
    WHERE _deleted_at IS NULL AND code IS NOT NULL GROUP BY code HAVING count(*) > 1`,
}));

export const state: readonly Check[] = [...dangling, ...orphans, ...doubles];
