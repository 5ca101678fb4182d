import { everywhere } from '../../enforcement/kinds/everywhere';
import { type EnforcedObject, trigger, triggerFunction } from '../../enforcement/object';
import { differs } from '../../enforcement/types';
import { derivedName, ident, literal, qualified, shortHash, textArray } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import type { History } from '../definition';
import { throughDoor } from './door';
import { insertEntries, LABEL, REVISION_DECLARED } from './entries';
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
      first: true,
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
  /** Is it before any trigger that could have written? */
  readonly first?: true;
}

function captured(
  history: History,
  job: string,
  name: string,
  { body, level, first, ...spec }: Captured,
): EnforcedObject[] {
  const parts = partsOf(history);
  const fn = derivedName(history.table, `history_${job}`);
  const execute = `${qualified({ schema: SCHEMA, name: fn })}()`;
  const made = level
    ? [trigger(parts, name, { ...spec, level, execute })]
    : everywhere(history, name, { ...spec, execute });
  return [
    // Not in a WHEN, which PostgreSQL parses anew for each statement: for one of a single row that is the dearest of all.
    triggerFunction(
      parts,
      fn,
      `${throughDoor('RETURN NULL;')}\n  ${first ? body : inOrder(history, body)}\n  RETURN NULL;`,
      {
        definer: true,
        label: LABEL,
        declare: first ? REVISION_DECLARED : `${REVISION_DECLARED}\n${deepestDeclared(history)}`,
      },
    ),
    ...made.map((each) => ({ ...each, after: sinceBegun(history) })),
  ];
}

/** The deepest statement of triggers that this transaction has captured; 1 for those that no trigger sent. */
const nested = ({ table }: History) => literal(`guitars.nested_${shortHash(qualified(table))}`);
const deepestDeclared = (history: History) =>
  `  deepest CONSTANT integer := coalesce(nullif(pg_catalog.current_setting(${nested(history)}, true), ''), '1')::integer;
  floor bigint;`;

/**
 * A trigger that writes its own table does so within the statement that set it off, and so is captured before that: its
 * entries are to follow. Only where deeper statements have been captured is there something to look for.
 */
function inOrder(history: History, body: string): string {
  const target = literal(qualified(history.history));
  return `IF pg_catalog.pg_trigger_depth() > deepest THEN
    PERFORM pg_catalog.set_config(${nested(history)}, pg_catalog.pg_trigger_depth()::text, true);
  ELSIF pg_catalog.pg_trigger_depth() < deepest THEN
    floor := pg_catalog.nextval(pg_catalog.pg_get_serial_sequence(${target}, '_entry'));
  END IF;
  ${body}
  IF floor IS NOT NULL AND FOUND THEN
    PERFORM guitars.history_order(${target}, ${textArray(history.key)}, floor);
  END IF;`;
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
  const joined = `${from} LEFT JOIN guitars_old AS was ON ${sameKey(history, 'was', 'fresh')} AND was._version + 1 = fresh._version ORDER BY fresh._version`;
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
  const changed = history.key.map((column) => differs(history, column, 'OLD', 'NEW'));
  return {
    event: `AFTER UPDATE OF ${history.key.map(ident).join(', ')}`,
    level: 'ROW',
    when: `(${changed.join(' OR ')})`,
    body: insertEntries(history, { operation: `'delete'`, rows: 'OLD', from: '' }),
  };
}
