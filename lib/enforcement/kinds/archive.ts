import { isNullOfSome, likely, unlikely } from '../../sql/estimates';
import { derivedName, literal, qualified } from '../../sql/identifiers';
import { RULE, SCHEMA, TRIGGERS } from '../../sql/names';
import { doorClosed, HARD_DELETE } from '../../sql/settings';
import type { Graph } from '../graph';
import { type EnforcedObject, rule, trigger, triggerFunction } from '../object';
import type { Table } from '../tables';
import { comparesForeignTypes } from '../types';
import { bypassGuard } from './bypass';
import { cascaded } from './cascaded';
import { letGo, onDelete } from './letGo';
import { namesOf, parentsExist, partsOf, sameKey, timesTo } from './names';

/** D1: what makes a DELETE archive the row, by the engine that the model asks for. */
export function archive(graph: Graph, table: Table): EnforcedObject[] {
  if (table.options.engine === 'rule') return [archiveRule(graph, table), ...bypassGuard(graph, table)];
  return graph.isCyclic(table) ? queued(graph, table) : rowByRow(graph, table);
}

/**
 * The condition looks at the door and at the parents, never at the row's own state: PostgreSQL runs the rule's UPDATE
 * first and then the DELETE for rows that fail the condition, and would remove what it has just archived.
 *
 * Both are to be planned for about as many rows as the DELETE would be without the rule. In the UPDATE the door is no condition on
 * rows, so that what is said of it counts in the DELETE alone, where it is negated.
 */
function archiveRule(graph: Graph, table: Table): EnforcedObject {
  const conditions = [unlikely(doorClosed(HARD_DELETE)), kept(graph, table)].filter(Boolean);
  const { deleted } = namesOf(table);
  // What PostgreSQL looks at again, after it has waited for somebody else's change, are the conditions on the row that it writes.
  const live = `${isNullOfSome(`OLD.${deleted}`)} AND ${likely(`kept.${deleted} IS NULL`)}`;
  return rule(partsOf(table), RULE, {
    event: 'DELETE',
    where: conditions.join('\n    AND '),
    instead: `UPDATE ${qualified(table.table)} AS kept SET ${timesTo(table, 'now()')} WHERE ${sameKey(table, 'kept', 'OLD')} AND ${live}`,
  });
}

function beforeDelete(graph: Graph, table: Table, execute: string): EnforcedObject[] {
  return onDelete(graph, table, [TRIGGERS.archive, TRIGGERS.archiveCascaded], execute);
}

/** An SQL condition: no key's own cascade is taking the row along (F1), or none could. */
function kept(graph: Graph, table: Table): string {
  const exist = parentsExist(graph.cascadeKeys(table), 'OLD');
  return exist.length === 0 ? '' : `(NOT ${cascaded(table)} OR (${exist.join(' AND ')}))`;
}

/**
 * The functions name their table. Where it was renamed and another has taken its name, they would archive rows of that
 * one. On a partition they cannot know.
 */
function isThis(table: Table): string {
  if (table.partitionKey.length > 0) return '';
  return `  IF TG_RELID <> ${literal(qualified(table.table))}::pg_catalog.regclass THEN
    RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('table "%s" was renamed, and its rows are archived under the name that it had', TG_TABLE_NAME),
      HINT = 'Run install, or your migrations.', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
  END IF;\n`;
}

function rowByRow(graph: Graph, table: Table): EnforcedObject[] {
  const name = derivedName(table.table, 'archive');
  const { deleted } = namesOf(table);
  // By its key, not by its place: a user's own BEFORE DELETE trigger may just have written a new version of the row.
  const update = `  UPDATE ${qualified(table.table)} AS kept SET ${timesTo(table, 'now()')}
    WHERE ${sameKey(table, 'kept', 'OLD')} AND kept.${deleted} IS NULL;`;
  const body = `${isThis(table)}${letGo(graph, table)}${update}\n  RETURN NULL;`;
  return [
    triggerFunction(partsOf(table), name, body, { definer: true, foreignTypes: comparesForeignTypes(graph, table) }),
    ...beforeDelete(graph, table, qualified({ schema: SCHEMA, name })),
  ];
}

/**
 * Where a cascade may come back to the table, archiving row by row would touch rows that the same DELETE has yet to
 * visit, which PostgreSQL refuses. The rows are noted, and archived together after the statement.
 */
function queued(graph: Graph, table: Table): EnforcedObject[] {
  const parts = partsOf(table);
  const name = derivedName(table.table, 'archive');
  const flush = derivedName(table.table, 'archive_flush');
  const { deleted } = namesOf(table);
  const note = `  INSERT INTO guitars.archive_queue (target, depth, place) VALUES (TG_RELID, pg_trigger_depth(), OLD.ctid);`;
  const all = `  WITH queued AS (
    DELETE FROM guitars.archive_queue WHERE target = TG_RELID AND depth = pg_trigger_depth() RETURNING place
  )
  UPDATE ${qualified(table.table)} AS kept SET ${timesTo(table, 'now()')}
    FROM queued WHERE kept.ctid = queued.place AND kept.${deleted} IS NULL;
  RETURN NULL;`;
  return [
    triggerFunction(parts, name, `${isThis(table)}${letGo(graph, table)}${note}\n  RETURN NULL;`, {
      definer: true,
      foreignTypes: comparesForeignTypes(graph, table),
    }),
    triggerFunction(parts, flush, all, { definer: true, foreignTypes: comparesForeignTypes(graph, table) }),
    ...beforeDelete(graph, table, qualified({ schema: SCHEMA, name })),
    trigger(parts, TRIGGERS.archiveFlush, {
      event: 'AFTER DELETE',
      level: 'STATEMENT',
      when: doorClosed(HARD_DELETE),
      execute: `${qualified({ schema: SCHEMA, name: flush })}()`,
    }),
  ];
}
