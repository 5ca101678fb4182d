import { derivedName, ident, literal, qualified } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import { ARCHIVING, RESTORING } from '../../sql/settings';
import type { Edge } from '../edges';
import type { Graph } from '../graph';
import { type EnforcedObject, trigger, triggerFunction } from '../object';
import type { Table } from '../tables';
import { comparesForeignTypes, differs } from '../types';
import { sentByClientsTrigger } from './cascaded';
import { namesOf, partsOf, refuseEdge, sameKey, timesTo } from './names';
import { linksOf } from './parents';

/** F2 and R1: what the archiving of a row does to its children, and what its restore brings back. */
export function cascade(graph: Graph, table: Table): EnforcedObject[] {
  if (!graph.isParent(table)) return [];
  const parts = partsOf(table);
  const lock = derivedName(table.table, 'lock');
  const name = derivedName(table.table, 'cascade');
  const { deleted, deletion } = namesOf(table);
  const rekeyed = keysReferred(graph, table).map((key) => differs(table, key, 'NEW', 'OLD'));
  const [archiving, restoring] = [archivingOf(graph, table), restoringOf(graph, table)];
  const judged = archiving.atRoot.length + restoring.atRoot.length > 0;
  const body = `  IF NEW.${deleted} IS NOT NULL AND OLD.${deleted} IS NOT NULL THEN
${graph
  .dependants(table)
  .map((edge) => guard(edge, own(edge)))
  .join('\n')}
  ELSIF NEW.${deleted} IS NOT NULL THEN
    IF NEW.${deletion} IS NOT DISTINCT FROM OLD.${deletion} THEN PERFORM guitars.refuse_unstamped(TG_TABLE_NAME); END IF;
${scope(ARCHIVING, deletion, archiving)}
  ELSIF NEW.${deletion} IS NOT NULL THEN
${scope(RESTORING, deletion, restoring)}
  END IF;
  RETURN NULL;`;
  // FOR UPDATE conflicts with the FOR KEY SHARE of a child's foreign key, which an ordinary UPDATE does not: whoever
  // is linking a child to this row is waited for, and whoever comes later waits, then sees an archived parent.
  const locking = `  PERFORM FROM ${qualified(table.table)} AS own WHERE ${sameKey(table, 'own', 'OLD')} FOR UPDATE;\n  RETURN NEW;`;
  return [
    triggerFunction(parts, lock, locking, { definer: true, foreignTypes: comparesForeignTypes(graph, table) }),
    triggerFunction(parts, name, body, {
      definer: true,
      foreignTypes: comparesForeignTypes(graph, table),
      declare: '  before text;\n  root boolean;\n  found boolean;',
    }),
    trigger(parts, TRIGGERS.lock, {
      event: 'BEFORE UPDATE',
      level: 'ROW',
      when: `OLD.${deleted} IS NULL AND NEW.${deleted} IS NOT NULL`,
      execute: `${qualified({ schema: SCHEMA, name: lock })}()`,
    }),
    ...(judged ? [distrust(table)] : []),
    trigger(parts, TRIGGERS.cascade, {
      event: 'AFTER UPDATE',
      level: 'ROW',
      when: `(OLD.${deleted} IS NULL) <> (NEW.${deleted} IS NULL) OR (NEW.${deleted} IS NOT NULL AND (${rekeyed.join(' OR ')}))`,
      execute: `${qualified({ schema: SCHEMA, name })}()`,
    }),
  ];
}

/**
 * What says that a cascade is at work is a setting, which a client's own trigger may have written (`cascaded`), in RETURNING with
 * the mark that the row was given. It is taken back just before the cascade looks at it. Statements that do not name the column
 * archive nothing, and have nothing to pay.
 */
function distrust(table: Table): EnforcedObject {
  const { deletedAt } = table.options.columns;
  return trigger(partsOf(table), TRIGGERS.byClient, {
    event: `AFTER UPDATE OF ${ident(deletedAt)}`,
    level: 'ROW',
    when: sentByClientsTrigger(table),
    execute: `guitars.distrust(${literal(table.options.deletionColumn)})`,
  });
}

/** The columns that children refer to. */
function keysReferred(graph: Graph, table: Table): string[] {
  return [...new Set(graph.dependants(table).map(({ parentColumn }) => parentColumn))];
}

/** What a function does, and what it judges once all is done. */
interface Work {
  readonly statements: string[];
  readonly atRoot: string[];
}

function archivingOf(graph: Graph, table: Table): Work {
  const { deleted, deletion } = namesOf(table);
  const updates = graph.dependants(table, 'cascade').map(({ child, column, parentColumn }) => {
    const own = namesOf(child);
    return `    UPDATE ${qualified(child.table)} AS child SET ${timesTo(child, `NEW.${deleted}`)}, ${own.deletion} = NEW.${deletion}
      WHERE child.${ident(column)} = NEW.${ident(parentColumn)} AND child.${own.deleted} IS NULL;`;
  });
  const unseen = [...new Set(graph.dependants(table).map(({ child }) => linksOf(child)))].map(
    (links) => `      PERFORM guitars.refuse_unseen_links(${literal(links)});`,
  );
  const guards = [
    ...graph.dependants(table, 'restrict').map((edge) => guard(edge, own(edge))),
    ...graph
      .reach(table)
      .flatMap((reached) => graph.dependants(reached, 'restrict'))
      .map((edge) => guard(edge, reachedBy(edge, deletion))),
  ];
  const statements = [
    ...updates,
    `    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN`,
    ...unseen,
    '    END IF;',
  ];
  return { statements, atRoot: guards };
}

/** A live child of this very row. */
function own({ child, column, parentColumn }: Edge): string {
  return `SELECT FROM ${qualified(child.table)} AS child
        WHERE child.${ident(column)} = NEW.${ident(parentColumn)} AND child.${namesOf(child).deleted} IS NULL`;
}

/** A live child of a row that this deletion has archived. */
function reachedBy({ child, column, softParent, parentColumn }: Edge, deletion: string): string {
  const parent = softParent as Table;
  return `SELECT FROM ${qualified(parent.table)} AS parent
        JOIN ${qualified(child.table)} AS child ON child.${ident(column)} = parent.${ident(parentColumn)}
        WHERE parent.${namesOf(parent).deletion} = NEW.${deletion} AND parent.${namesOf(parent).deleted} IS NOT NULL
          AND child.${namesOf(child).deleted} IS NULL`;
}

function guard(edge: Edge, live: string): string {
  return `      IF EXISTS (${live}) THEN ${refuseEdge(edge, 'live_child')} END IF;`;
}

function restoringOf(graph: Graph, table: Table): Work {
  const { deletion } = namesOf(table);
  const updates = graph.dependants(table, 'cascade').map(({ child, column, parentColumn }) => {
    const own = namesOf(child);
    return `    UPDATE ${qualified(child.table)} AS child SET ${timesTo(child, 'NULL')}
      WHERE child.${ident(column)} = NEW.${ident(parentColumn)} AND child.${own.deletion} = NEW.${deletion}
        AND child.${own.deleted} IS NOT NULL;`;
  });
  // A row with one live parent was restored through it; one with more has to be looked at when all are back.
  const checks = graph
    .reach(table)
    .filter((reached) => graph.isSearched(reached) && graph.liveEdges(reached).length > 1)
    .flatMap((reached) => [
      ...graph.liveEdges(reached).map((edge) => stillArchived(edge, deletion)),
      `      PERFORM guitars.note_link(${literal(linksOf(reached))});`,
    ]);
  return { statements: updates, atRoot: checks };
}

function stillArchived(edge: Edge, deletion: string): string {
  const { child, column, parentColumn } = edge;
  const parent = edge.softParent as Table;
  const names = namesOf(child);
  return `      SELECT bool_or(archived) INTO found FROM (
        SELECT parent.${namesOf(parent).deleted} IS NOT NULL AS archived FROM ${qualified(child.table)} AS child
        JOIN ${qualified(parent.table)} AS parent ON parent.${ident(parentColumn)} = child.${ident(column)}
        WHERE child.${names.deletion} = NEW.${deletion} AND child.${names.deleted} IS NULL FOR KEY SHARE OF parent
      ) AS parents;
      IF found THEN ${refuseEdge(edge, 'archived_parent')} END IF;`;
}

/**
 * Statements under a setting that tells the rows below which deletion is at work; `atRoot` once, when all is done. What a
 * client's own statement sets off is a root, whatever the setting says: he may have written it, and marks can be read.
 */
function scope(setting: string, deletion: string, { statements, atRoot }: Work): string {
  return `    before := current_setting('${setting}', true);
    root := pg_trigger_depth() = 1 OR before IS DISTINCT FROM NEW.${deletion}::text;
    IF root THEN PERFORM set_config('${setting}', NEW.${deletion}::text, true); END IF;
${statements.join('\n')}
    IF root THEN
${atRoot.length > 0 ? `${atRoot.join('\n')}\n` : ''}      PERFORM set_config('${setting}', coalesce(before, ''), true);
    END IF;`;
}
