/** A statement without the comments before it. */
export const bare = (sql: string): string => sql.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '');

/** Does it begin a transaction, and nothing else? */
export const begins = (sql: string): boolean => /^\s*(?:start\s+transaction|begin)\b[^;]*;?\s*$/i.test(sql);

/** Does it undo what was done? */
export const undoes = (sql: string): boolean => /^\s*(?:rollback|abort)\b/i.test(sql);

/** Does it end a transaction well? */
export const commits = (sql: string): boolean => /^\s*(?:commit|end)\b/i.test(sql);

const ENDS = /^(?:commit|end|rollback|abort)\b(?!.*\b(?:to|savepoint)\b)[^;]*;?\s*$/is;
// A semicolon may be within a text; one statement more is sent then.
const SHIFTS = /(?:^|;)\s*(?:(?:commit|end|rollback|abort|prepare|discard|reset)\b|--|\/\*)/i;

/** What a statement does to what is set: a transaction ends it; what goes back to a savepoint leaves nobody knows what. */
export function effectOf(sql: string): 'none' | 'end' | 'unknown' {
  const text = bare(sql);
  if (!SHIFTS.test(text)) return 'none';
  return ENDS.test(text) ? 'end' : 'unknown';
}
