/*
 * What PostgreSQL's planner expects of a condition, said by its form: it takes nearly every expression for not NULL (99.5 %), whatever
 * the table's statistics say of the columns in it. Where it expects one row, it joins by going through what the statement names once
 * for each row, and a subquery with FOR UPDATE SKIP LOCKED finds another row each time.
 */

/** The same condition, which the planner expects nearly every row to meet. */
export function likely(condition: string): string {
  return `(CASE WHEN ${condition} THEN true END) IS NOT NULL`;
}

/** The same condition, which the planner expects nearly no row to meet. */
export function unlikely(condition: string): string {
  return `(CASE WHEN ${condition} THEN NULL ELSE true END) IS NULL`;
}
