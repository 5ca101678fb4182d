import { derivedName, ident, literal, qualified } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import { RESTORING } from '../../sql/settings';
import type { Edge } from '../edges';
import type { Graph } from '../graph';
import { type EnforcedObject, sequence, trigger, triggerFunction } from '../object';
import type { Table } from '../tables';
import { comparesForeignTypes, differs } from '../types';
import { cascaded } from './cascaded';
import { namesOf, partsOf, refuseEdge } from './names';

/** The sequence that remembers who has linked a row of this table to a parent, qualified. See docs/adr/0002. */
export function linksOf(table: Table): string {
  return qualified({ schema: SCHEMA, name: derivedName(table.table, 'links') });
}

/** F3: a live row needs live parents, on INSERT, when it is pointed elsewhere and when it is restored. */
export function parents(graph: Graph, table: Table): EnforcedObject[] {
  const edges = graph.liveEdges(table);
  if (edges.length === 0) return [];
  const parts = partsOf(table);
  const onUpdate = derivedName(table.table, 'parents_update');
  const row = rowCheck(table, edges);
  const declare = '  archived boolean;\n  linked boolean := false;';
  return [
    sequence(parts, derivedName(table.table, 'links')),
    triggerFunction(parts, onUpdate, row, { definer: true, foreignTypes: comparesForeignTypes(graph, table), declare }),
    trigger(parts, TRIGGERS.parentsOnUpdate, {
      event: 'AFTER UPDATE',
      level: 'ROW',
      when: whenLinked(table, edges),
      execute: `${qualified({ schema: SCHEMA, name: onUpdate })}()`,
    }),
    ...onInsert(graph, table, edges, onUpdate, declare),
  ];
}

function onInsert(
  graph: Graph,
  table: Table,
  edges: readonly Edge[],
  rowFunction: string,
  declare: string,
): EnforcedObject[] {
  const parts = partsOf(table);
  const { deleted } = namesOf(table);
  if (table.options.engine === 'trigger') {
    // By row: a statement trigger of a partitioned table does not see what goes straight into a partition.
    const linked = edges.map(({ column }) => `NEW.${ident(column)} IS NOT NULL`).join(' OR ');
    return [
      trigger(parts, TRIGGERS.parentsOnInsert, {
        event: 'AFTER INSERT',
        level: 'ROW',
        when: `NEW.${deleted} IS NULL AND (${linked})`,
        execute: `${qualified({ schema: SCHEMA, name: rowFunction })}()`,
      }),
    ];
  }
  const name = derivedName(table.table, 'parents_insert');
  return [
    triggerFunction(parts, name, statementCheck(table, edges), {
      definer: true,
      foreignTypes: comparesForeignTypes(graph, table),
      declare,
    }),
    trigger(parts, TRIGGERS.parentsOnInsert, {
      event: 'AFTER INSERT',
      level: 'STATEMENT',
      referencing: 'NEW TABLE AS inserted',
      execute: `${qualified({ schema: SCHEMA, name })}()`,
    }),
  ];
}

/** A row that a cascade restores has its parent back already, and is judged at the end of the cascade. */
function whenLinked(table: Table, edges: readonly Edge[]): string {
  const { deleted, deletion } = namesOf(table);
  const moved = edges.map(({ column }) => differs(table, column, 'NEW', 'OLD'));
  const back = `${cascaded(table)} AND OLD.${deletion}::text = current_setting('${RESTORING}', true)`;
  const restored = `(OLD.${deleted} IS NOT NULL AND NOT coalesce(${back}, false))`;
  return `NEW.${deleted} IS NULL AND (${[...moved, restored].join(' OR ')})`;
}

// FOR KEY SHARE, as the foreign key itself takes, keeps the parent from being archived until this transaction ends;
// under a snapshot that is older than the parent's deletion it raises a serialization failure.
function rowCheck(table: Table, edges: readonly Edge[]): string {
  const checks = edges.map((edge) => {
    const key = `NEW.${ident(edge.column)}`;
    const { deleted } = namesOf(edge.softParent as Table);
    return `  IF ${key} IS NOT NULL THEN
    linked := true;
    SELECT parent.${deleted} IS NOT NULL INTO archived FROM ${qualified(edge.parent)} AS parent
      WHERE parent.${ident(edge.parentColumn)} = ${key} FOR KEY SHARE;
    ${unseenParent(edge, 'archived IS NULL')}IF archived THEN ${refuseEdge(edge, 'archived_parent')} END IF;
  END IF;`;
  });
  return noted(table, checks);
}

function statementCheck(table: Table, edges: readonly Edge[]): string {
  // By the table's name: the function has variables, which a column may be called as.
  const own = `inserted.${namesOf(table).deleted}`;
  const checks = edges.map((edge) => {
    const { deleted } = namesOf(edge.softParent as Table);
    const key = `inserted.${ident(edge.column)}`;
    const parent = `${qualified(edge.parent)} AS parent WHERE parent.${ident(edge.parentColumn)} = ${key}`;
    const unseen = `EXISTS (SELECT FROM inserted WHERE ${own} IS NULL AND ${key} IS NOT NULL AND NOT EXISTS (SELECT FROM ${parent}))`;
    return `  SELECT bool_or(found.archived) INTO archived FROM (
    SELECT parent.${deleted} IS NOT NULL AS archived FROM ${qualified(edge.parent)} AS parent
    WHERE parent.${ident(edge.parentColumn)} IN (SELECT ${key} FROM inserted WHERE ${own} IS NULL)
    FOR KEY SHARE OF parent
  ) AS found;
  ${unseenParent(edge, unseen)}IF archived THEN ${refuseEdge(edge, 'archived_parent')} END IF;
  linked := linked OR archived IS NOT NULL;`;
  });
  return noted(table, checks);
}

/** A statement that has linked nothing (ON CONFLICT DO NOTHING, no key, a key that is taken off) is none that an archiver need fear. */
function noted(table: Table, checks: readonly string[]): string {
  return `${checks.join('\n')}\n  IF linked THEN PERFORM guitars.note_link(${literal(linksOf(table))}); END IF;\n  RETURN NULL;`;
}

/** The foreign key on a partitioned parent looks past the snapshot of the transaction. What we do not see, we cannot judge. */
function unseenParent(edge: Edge, unseen: string): string {
  if (!edge.softParent?.partitionKey.length) return '';
  return `IF ${unseen} THEN PERFORM guitars.refuse_unseen_parent(); END IF;\n  `;
}
