import { dollarQuote, ident, literal, qualified, shortHash, type TableRef } from '../../sql/identifiers';
import { EDIT_HISTORY } from '../../sql/settings';
import type { History } from '../definition';
import { insertEntries, LABEL, REVISION_DECLARED } from './entries';
import { sameKey } from './parts';

/**
 * SQL, for when capture begins, or captures more: entries for rows that history does not know, or knows otherwise, and for
 * those that went while nobody looked. Once in a transaction, unless it has written the table since.
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
  guitars_written text;
BEGIN
  LOCK TABLE ${qualified(table)} IN SHARE ROW EXCLUSIVE MODE;
  ${written(table, shown)} INTO guitars_written;
  IF current_setting(${done}, true) = guitars_written AND current_setting('track_counts')::boolean THEN RETURN; END IF;
  PERFORM set_config(${done}, guitars_written, true), set_config('${EDIT_HISTORY}', 'on', true);
  ${baseline}
  ${tombstones}
  PERFORM set_config('${EDIT_HISTORY}', '', true);
END`)}`;
}

/** SQL: what tells whether this transaction has written a table, or its partitions, since; a TRUNCATE, too, which sets the counts back. */
function written(table: TableRef, columns: readonly string[]): string {
  const own = `to_regclass(${literal(qualified(table))})`;
  const counted = ['inserted', 'updated', 'deleted'].map((each) => `pg_stat_get_xact_tuples_${each}(c.oid)`);
  const marks = ['c.oid', 'c.relnatts', 'pg_relation_filenode(c.oid)', 'pg_relation_size(c.oid)', ...counted];
  return `SELECT ${literal(shortHash(columns.join()))} || string_agg(concat_ws(' ', ${marks.join(', ')}), ',' ORDER BY c.oid) FROM pg_class AS c
    WHERE c.oid = ${own} OR c.oid IN (SELECT relid FROM pg_partition_tree(${own}))`;
}
