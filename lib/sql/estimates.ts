/*
 * How many rows PostgreSQL's planner expects to meet a condition, said by its form. Where it expects one, it goes through what else
 * the statement names once for each row that comes, and a subquery with FOR UPDATE SKIP LOCKED finds another row each time.
 */

/** The same condition, which the planner expects nearly every row to meet: it takes 99.5 % of all expressions for not NULL. */
export function likely(condition: string): string {
  return `(CASE WHEN ${condition} THEN true END) IS NOT NULL`;
}

/** The same condition, which the planner expects nearly no row to meet. */
export function unlikely(condition: string): string {
  return `(CASE WHEN ${condition} THEN NULL ELSE true END) IS NULL`;
}

// No column has two NULLs. Of twenty values an expression that has no statistics is one for twenty rows, or for a tenth of a large table.
const NEVER = `OPERATOR(pg_catalog.=) ANY ('{${Array.from({ length: 20 }, (_, n) => n + 2)}}'::integer[])`;

/** `column IS NULL`, which the planner expects of some rows, also where its statistics know of none, and otherwise of as many as they say. */
export function isNullOfSome(column: string): string {
  return `(${column} IS NULL OR pg_catalog.num_nulls(${column}) ${NEVER})`;
}
