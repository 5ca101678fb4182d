import { everywhere } from '../../enforcement/kinds/everywhere';
import { type EnforcedObject, trigger, triggerFunction } from '../../enforcement/object';
import { derivedName, qualified } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import { EDIT_HISTORY, REVISION } from '../../sql/settings';
import { REFUSED } from '../../triggers/errors';
import type { History } from '../definition';
import { throughDoor } from './door';
import { REVISION_DECLARED } from './entries';
import { historyPartsOf, partsOf } from './parts';
import { truncateGuard } from './truncate';

/** History is added to, and never changed. Who may add to it is for privileges to say: the triggers write as its owner. */
export function appendOnly(history: History): EnforcedObject[] {
  const fn = derivedName(history.table, 'history_guard');
  const execute = `${qualified({ schema: SCHEMA, name: fn })}()`;
  const parts = historyPartsOf(history);
  // Rows, where there are partitions: PostgreSQL fires statement triggers of the table alone that a statement names.
  const level = history.options.partition ? ('ROW' as const) : ('STATEMENT' as const);
  const event = level === 'ROW' ? 'BEFORE UPDATE OR DELETE' : 'BEFORE UPDATE OR DELETE OR TRUNCATE';
  // Who may DELETE here is for the owner to GRANT, as to one who prunes.
  const removes = `TG_OP OPERATOR(pg_catalog.=) 'DELETE'`;
  const through = throughDoor(`RETURN CASE WHEN ${removes} THEN OLD ELSE NEW END;`, removes);
  return [
    triggerFunction(
      partsOf(history),
      fn,
      `${through}
  RAISE EXCEPTION USING ERRCODE = '${REFUSED.protected}',
    MESSAGE = pg_catalog.format('%s on the history "%s" is refused: it is only ever added to', TG_OP, TG_TABLE_NAME),
    HINT = 'Let "guitars history prune" remove old entries; a restore of data alone sets ${EDIT_HISTORY} to on',
    SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'append-only history';`,
    ),
    trigger(parts, TRIGGERS.historyGuard, { event, level, execute }),
    ...(level === 'ROW' ? [truncateGuard(history)] : []),
  ];
}

/** With `requireRevision`: no write without one that says something. Without a WHEN, which costs more than the function. */
export function revisionGuard(history: History): EnforcedObject[] {
  if (!history.options.requireRevision) return [];
  const fn = derivedName(history.table, 'revision');
  const parts = partsOf(history);
  const says = (key: string) => `guitars_revision OPERATOR(pg_catalog.->>) '${key}'`;
  const said = `coalesce(${says('actor')}, ${says('comment')}) IS NOT NULL OR ${says('context')} OPERATOR(pg_catalog.<>) '{}'`;
  return [
    triggerFunction(
      parts,
      fn,
      `  IF ${said} THEN RETURN NULL; END IF;
${throughDoor('RETURN NULL;')}
  RAISE EXCEPTION USING ERRCODE = '${REFUSED.revision}',
    MESSAGE = pg_catalog.format('%s on table "%s" without a revision is refused', TG_OP, TG_TABLE_NAME),
    HINT = 'Do it within withRevision({ actor }, …); in SQL set ${REVISION} for the transaction first',
    SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'revision required';`,
      { declare: REVISION_DECLARED },
    ),
    ...everywhere(history, TRIGGERS.revision, {
      event: 'BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE',
      execute: `${qualified({ schema: SCHEMA, name: fn })}()`,
    }),
  ];
}
