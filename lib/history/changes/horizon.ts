import { literal, qualified } from '../../sql/identifiers';
import type { History } from '../definition';

/**
 * SQL for whoever removes entries from a history, in the statement or at least the transaction that does: lets cursors that have
 * yet to pass a removed deletion expire. Removed entries of a row that has later ones need none: those will be read instead.
 *
 * @param gone an SQL relation with what was removed: its `_entry`, `_transaction` and `_operation`
 * @example `WITH gone AS (DELETE FROM … RETURNING _entry, _transaction, _operation) ${raiseHorizon(history, 'gone')}`
 */
export function raiseHorizon({ history }: Pick<History, 'history'>, gone: string): string {
  // Entries of transactions that are yet to come came from another server: every cursor has passed them.
  const ours = `_operation = 'delete' AND _transaction < pg_snapshot_xmax(pg_current_snapshot())::text::bigint`;
  return `SELECT guitars.raise_history_horizon(${literal(qualified(history))}, max(_transaction) FILTER (WHERE ${ours}),
    max(_entry) FILTER (WHERE _operation = 'delete')) FROM ${gone}`;
}
