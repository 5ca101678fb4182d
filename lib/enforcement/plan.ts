import type { Sequelize } from 'sequelize';
import { type AnyModel, can, type ModelClass, optionsOf } from '../models/capabilities';
import { type TableRef, tableKey } from '../sql/identifiers';
import { Graph } from './graph';
import { archive } from './kinds/archive';
import { cascade } from './kinds/cascade';
import { roleGuard, truncateGuard } from './kinds/guards';
import { deletionMark, uniqueIndexes } from './kinds/indexes';
import { moves } from './kinds/moves';
import { parents } from './kinds/parents';
import { fill, stamp } from './kinds/stamp';
import { needsBeside } from './needs';
import { type EnforcedObject, KINDS } from './object';
import { sealOf } from './seal';
import { merged, type SchemaOf, type Table, tableOf } from './tables';

/** What the models call for. Pure: computed from the models alone, without a database. */
export interface Plan {
  /** In the order in which they are created. */
  readonly objects: readonly EnforcedObject[];
  /**
   * What they rest on at tables of models that were not asked for: columns and sequences, created first and never
   * removed with them.
   */
  readonly needs: readonly EnforcedObject[];
  readonly graph: Graph;
  /** SQL that creates the objects, a statement an element; for a migration written by hand. */
  readonly up: readonly string[];
  /** SQL that removes them. */
  readonly down: readonly string[];
}

/** Options of {@link plan}. */
export interface PlanOptions {
  /** Models to plan for. Default: every Dated or SoftDeletable model of the instance. */
  models?: readonly AnyModel[];
  /** The schema of models that name none. Default: `public`. The installer looks it up in the database. */
  schema?: string | SchemaOf;
  /** Is the table there yet? Default: all are. */
  exists?: (table: Table) => boolean;
  /** The partitions of a table, on all levels. Default: none. The installer looks them up in the database. */
  partitionsOf?: (table: TableRef) => readonly TableRef[];
}

/**
 * The database objects that the models call for.
 *
 * @throws DefinitionError a model cannot be enforced; the message says why and what to do
 * @example for (const sql of plan(sequelize, { schema: 'app' }).up) await sequelize.query(sql);
 */
export function plan(sequelize: Sequelize, options: PlanOptions = {}): Plan {
  const { schema = 'public', exists = () => true } = options;
  const schemaOf: SchemaOf = typeof schema === 'function' ? schema : () => schema;
  const wanted = (options.models as readonly ModelClass[] | undefined) ?? enforcedModels(sequelize);
  // The graph is drawn over every model, in one order, so that planning for some of them asks for the same objects.
  const known = new Map<string, Table>();
  for (const model of new Set([...enforcedModels(sequelize), ...wanted])) {
    const table = tableOf(model, schemaOf, options.partitionsOf);
    const before = known.get(tableKey(table.table));
    if (exists(table)) known.set(tableKey(table.table), before ? merged(before, table) : table);
  }
  const graph = new Graph([...known.values()], schemaOf);
  const chosen = graph.tables.filter(({ models }) => models.some((model) => wanted.includes(model)));
  const objects = inOrder(chosen.flatMap((table) => objectsOf(graph, table)));
  const needs = inOrder(needsBeside(graph, chosen));
  const up = [...needs, ...objects].flatMap((object) => [object.create, ...sealOf(object)]);
  return { objects, needs, graph, up, down: [...objects].reverse().map(({ drop }) => drop) };
}

/** The models of an instance that the database keeps something for. */
export function enforcedModels(sequelize: Sequelize): ModelClass[] {
  const models = Object.values(sequelize.models) as unknown as ModelClass[];
  return models.filter((model) => optionsOf(model) && (can(model, 'dated') || can(model, 'soft')));
}

function objectsOf(graph: Graph, table: Table): EnforcedObject[] {
  const times = [...fill(table), ...stamp(graph, table)];
  if (!table.soft) return times;
  return [
    ...deletionMark(graph, table),
    ...times,
    ...archive(graph, table),
    ...cascade(graph, table),
    ...parents(graph, table),
    ...moves(graph, table),
    ...truncateGuard(table),
    ...roleGuard(table),
    ...uniqueIndexes(table),
  ];
}

function inOrder(objects: EnforcedObject[]): EnforcedObject[] {
  return KINDS.flatMap((kind) => objects.filter((object) => object.kind === kind));
}
