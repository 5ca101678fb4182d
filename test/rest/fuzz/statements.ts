/** What Sequelize logs before a statement. */
const EXECUTING = /^Execut(?:ing|ed) \([^)]*\): /;

/** More than any request has to send. */
const MOST = 25;

/** What is wrong with the statements that one request has sent. */
export function wrongStatements(logged: readonly string[], isSafe: boolean): string[] {
  const statements = logged.map((line) => withoutValues(line.replace(EXECUTING, '')));
  const many = statements.length > MOST ? [`${statements.length} statements were sent.`] : [];
  return [
    ...many,
    ...statements.filter((sql) => isUnbounded(sql) || (isSafe && isWrite(sql))).map((sql) => `Sent: ${sql}`),
  ];
}

/** A statement without its literals, in which there is what the client likes. */
export const withoutValues = (sql: string) =>
  sql
    .replaceAll(/\bE'(?:[^'\\]|''|\\.)*'/gs, "''")
    .replaceAll(/'(?:[^']|'')*'/gs, "''")
    .replaceAll(/;\s*$/g, '');

const isWrite = (sql: string) => /^(?:INSERT|UPDATE|DELETE|TRUNCATE|MERGE|ALTER|CREATE|DROP)/.test(sql);

/** Is there no end to the rows that it reads, or writes? */
function isUnbounded(sql: string): boolean {
  if (sql.includes(';')) return true;
  if (/^(?:START TRANSACTION|COMMIT|ROLLBACK|SET |SAVEPOINT|RELEASE|INSERT INTO )/.test(sql)) return false;
  if (/^SELECT (?:count\(|set_config\(|before, set_config\()/.test(sql)) return false;
  if (/ LIMIT (?:\d+|'')/.test(sql)) return false;
  // One row, by its key.
  if (/ WHERE [^|]*"(?:id|slug|warehouse)" = /s.test(sql)) return false;
  return !/ FROM (?:pg_\w+|information_schema|guitars\.)/.test(sql);
}
