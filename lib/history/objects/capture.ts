import { everywhere } from '../../enforcement/kinds/everywhere';
import { type EnforcedObject, trigger, triggerFunction } from '../../enforcement/object';
import { derivedName, ident, qualified } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import type { History } from '../definition';
import { throughDoor } from './door';
import { insertEntries, REVISION_DECLARED } from './entries';
import { partsOf, sameKey } from './parts';
import { sinceBegun } from './resync';

/**
 * What writes the history: after each statement, from its transition tables, all entries at once. As the function's
 * owner, so that nobody else has to be let write it.
 */
export function capture(history: History): EnforcedObject[] {
  return [
    ...captured(history, 'insert', TRIGGERS.historyOfInsert, {
      event: 'AFTER INSERT',
      referencing: 'NEW TABLE AS guitars_new',
      body: insertEntries(history, { operation: `'insert'`, rows: 'fresh', from: 'FROM guitars_new AS fresh' }),
    }),
    ...captured(history, 'update', TRIGGERS.historyOfUpdate, {
      event: 'AFTER UPDATE',
      referencing: `${needsOld(history) ? 'OLD TABLE AS guitars_old ' : ''}NEW TABLE AS guitars_new`,
      body: updated(history),
    }),
    ...captured(history, 'delete', TRIGGERS.historyOfDelete, {
      event: 'AFTER DELETE',
      referencing: 'OLD TABLE AS guitars_old',
      body: insertEntries(history, { operation: `'delete'`, rows: 'gone', from: 'FROM guitars_old AS gone' }),
    }),
    ...captured(history, 'truncate', TRIGGERS.historyOfTruncate, {
      event: 'BEFORE TRUNCATE',
      body: insertEntries(history, {
        operation: `'delete'`,
        rows: 'gone',
        // TRUNCATE of a partitioned table comes by each partition.
        from: `FROM ${qualified(history.table)} AS gone WHERE gone.tableoid = TG_RELID`,
      }),
    }),
    ...(history.partitionKey.length > 0 ? [] : captured(history, 'key', TRIGGERS.historyOfKey, keyChanged(history))),
  ];
}

interface Captured {
  readonly event: string;
  readonly body: string;
  readonly referencing?: string;
  readonly level?: 'ROW';
  readonly when?: string;
}

function captured(history: History, job: string, name: string, { body, level, ...spec }: Captured): EnforcedObject[] {
  const parts = partsOf(history);
  const fn = derivedName(history.table, `history_${job}`);
  const execute = `${qualified({ schema: SCHEMA, name: fn })}()`;
  const made = level
    ? [trigger(parts, name, { ...spec, level, execute })]
    : everywhere(history, name, { ...spec, execute });
  return [
    // Not in a WHEN, which PostgreSQL parses anew for each statement: for one of a single row that is the dearest of all.
    triggerFunction(parts, fn, `${throughDoor('RETURN NULL;')}\n  ${body}\n  RETURN NULL;`, {
      definer: true,
      declare: REVISION_DECLARED,
    }),
    ...made.map((each) => ({ ...each, after: sinceBegun(history) })),
  ];
}

const needsOld = ({ deletedAt, partitionKey, filtered }: History) =>
  deletedAt !== undefined || partitionKey.length > 0 || filtered.length > 0;

/**
 * The old rows are joined only where the operation, or a marker, cannot be told without: where rows that were archived are
 * among them.
 */
function updated(history: History): string {
  const { deletedAt, partitionKey, filtered } = history;
  const from = 'FROM guitars_new AS fresh';
  const joined = `${from} LEFT JOIN guitars_old AS was ON ${sameKey(history, 'was', 'fresh')}`;
  const of = (row: string) => `${row}.${ident(deletedAt as string)}`;
  const edge = deletedAt
    ? `CASE WHEN ${of('was')} IS NULL AND ${of('fresh')} IS NOT NULL THEN 'archive' WHEN ${of('was')} IS NOT NULL AND ${of('fresh')} IS NULL THEN 'restore' ELSE 'update' END`
    : `'update'`;
  const careful = insertEntries(history, { operation: edge, rows: 'fresh', before: 'was', from: joined });
  // Of a row that goes to another partition, no row trigger sees that its key changes.
  if (partitionKey.length > 0) return `${moved(history)}\n  ${careful}`;
  if (filtered.length > 0) return careful;
  const live = deletedAt ? `CASE WHEN ${of('fresh')} IS NULL THEN 'update' ELSE 'archive' END` : `'update'`;
  const quick = insertEntries(history, { operation: live, rows: 'fresh', from });
  if (!deletedAt) return quick;
  return `IF EXISTS (SELECT FROM guitars_old AS was WHERE ${of('was')} IS NOT NULL) THEN
  ${careful}
  ELSE
  ${quick}
  END IF;`;
}

function moved(history: History): string {
  return insertEntries(history, {
    operation: `'delete'`,
    rows: 'gone',
    from: `FROM guitars_old AS gone WHERE NOT EXISTS (SELECT FROM guitars_new AS fresh WHERE ${sameKey(history, 'gone', 'fresh')})`,
  });
}

/**
 * A row whose key changes is, to history, a row that goes and another that comes. Of statements that set the key: others
 * need not pay for a WHEN.
 */
function keyChanged(history: History): Captured {
  const differs = history.key.map((column) => `OLD.${ident(column)} IS DISTINCT FROM NEW.${ident(column)}`);
  return {
    event: `AFTER UPDATE OF ${history.key.map(ident).join(', ')}`,
    level: 'ROW',
    when: `(${differs.join(' OR ')})`,
    body: insertEntries(history, { operation: `'delete'`, rows: 'OLD', from: '' }),
  };
}
