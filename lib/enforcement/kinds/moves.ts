import { derivedName, ident, qualified } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import { doorClosed, HARD_DELETE } from '../../sql/settings';
import type { Graph } from '../graph';
import { type EnforcedObject, trigger, triggerFunction } from '../object';
import type { Table } from '../tables';
import { comparesForeignTypes, differs } from '../types';
import { everywhere } from './everywhere';
import { namesOf, partsOf } from './names';

const EVENT = 'BEFORE UPDATE';

/** X5: an UPDATE that moves a row to another partition is told from a DELETE. */
export function moves(graph: Graph, table: Table): EnforcedObject[] {
  if (table.partitionKey.length === 0) return [];
  const parts = partsOf(table);
  const { deleted } = namesOf(table);
  const moved = table.partitionKey.map((column) => differs(table, column, 'NEW', 'OLD')).join(' OR ');
  const onRow = (name: string, event: string, when: string, execute: string) =>
    trigger(parts, name, { event, level: 'ROW', when, execute });
  const noted = [
    onRow(TRIGGERS.move, EVENT, `(${moved}) AND ${doorClosed(HARD_DELETE)}`, 'guitars.note_move()'),
    onRow(TRIGGERS.moveStayed, 'AFTER UPDATE', moved, 'guitars.stayed()'),
    ...everywhere(table, TRIGGERS.moveForgotten, { event: 'BEFORE DELETE', execute: 'guitars.forget_move()' }),
  ];
  const former = beforeFifteen(graph, table, moved);
  if (!graph.isParent(table)) return [...noted, ...former];
  // The triggers that take the children along are AFTER UPDATE, which a moved row never fires.
  const when = `(${moved}) AND (OLD.${deleted} IS NULL) <> (NEW.${deleted} IS NULL)`;
  return [...noted, onRow(TRIGGERS.moveRefused, EVENT, when, 'guitars.refuse_move()'), ...former];
}

/**
 * Before 15, PostgreSQL has the keys of children act as if a moved row were deleted: rows would be removed, or lose their
 * link. Those of RESTRICT and NO ACTION refuse the move by themselves.
 */
function beforeFifteen(graph: Graph, table: Table, moved: string): EnforcedObject[] {
  const edges = graph.edges.filter(
    ({ softParent, onDelete }) => softParent === table && !['RESTRICT', 'NO ACTION'].includes(onDelete),
  );
  if (edges.length === 0) return [];
  const parts = partsOf(table);
  const name = derivedName(table.table, 'move');
  const children = edges.map(
    ({ child, column, parentColumn }) =>
      `EXISTS (SELECT FROM ${qualified(child.table)} AS child WHERE child.${ident(column)} = OLD.${ident(parentColumn)})`,
  );
  const body = `  IF ${children.join('\n    OR ')} THEN
    RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
      MESSAGE = format('row of table "%s" cannot change its partition, since other rows refer to it', TG_TABLE_NAME),
      DETAIL = 'PostgreSQL 14 has their keys act as if the row were deleted.',
      HINT = 'Upgrade to PostgreSQL 15 or later.', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;`;
  return [
    triggerFunction(parts, name, body, { definer: true, foreignTypes: comparesForeignTypes(graph, table) }),
    trigger(parts, TRIGGERS.moveOfParent, {
      event: EVENT,
      level: 'ROW',
      when: `(${moved}) AND current_setting('server_version_num')::integer < 150000`,
      execute: `${qualified({ schema: SCHEMA, name })}()`,
    }),
  ];
}
