import { dollarQuote, ident, literal, qualified, shortHash } from '../../sql/identifiers';
import { EDIT_HISTORY } from '../../sql/settings';
import type { History } from '../definition';
import { insertEntries, LABEL, REVISION_DECLARED } from './entries';
import { sameKey } from './parts';

/**
 * SQL, for when capture begins (and its triggers, just made, keep writers out): entries for rows that history does not
 * know, or knows otherwise, and for those that went while nobody looked. Once in a transaction.
 */
export function sinceBegun(history: History): string {
  const { table, columns, filtered, key } = history;
  const done = literal(`guitars.begun_${shortHash(qualified(table))}`);
  const shown = columns.filter((column) => !filtered.includes(column)).map(ident);
  const row = (alias: string) => `ROW(${shown.map((column) => `${alias}.${column}`).join(', ')})::text`;
  const keys = key.map(ident).join(', ');
  const last = `(SELECT DISTINCT ON (${keys}) * FROM ${qualified(history.history)} ORDER BY ${keys}, _entry DESC) AS last`;
  const baseline = insertEntries(history, {
    operation: `'baseline'`,
    rows: 'fresh',
    from: `FROM ${qualified(table)} AS fresh LEFT JOIN ${last} ON ${sameKey(history, 'last', 'fresh')}
    WHERE last._entry IS NULL OR last._operation = 'delete' OR ${row('last')} <> ${row('fresh')}`,
  });
  const gone = { ...history, filtered: [] };
  const tombstones = insertEntries(gone, {
    operation: `'delete'`,
    rows: 'last',
    from: `FROM ${last} WHERE last._operation <> 'delete'
      AND NOT EXISTS (SELECT FROM ${qualified(table)} AS fresh WHERE ${sameKey(history, 'last', 'fresh')})`,
  });
  return `DO ${dollarQuote(`<<${LABEL}>>
DECLARE
${REVISION_DECLARED}
BEGIN
  IF coalesce(current_setting(${done}, true), '') = 'on' THEN RETURN; END IF;
  PERFORM set_config(${done}, 'on', true), set_config('${EDIT_HISTORY}', 'on', true);
  ${baseline}
  ${tombstones}
  PERFORM set_config('${EDIT_HISTORY}', '', true);
END`)}`;
}
