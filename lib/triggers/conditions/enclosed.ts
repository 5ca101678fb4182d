/** SQL that somebody wrote, in parentheses, which a comment at its end must not take along. */
export const enclosed = (sql: string) => (sql.includes('--') ? `(${sql}\n)` : `(${sql})`);
