import type { Sequelize } from 'sequelize';
import { DefinitionError } from '../errors';
import { versionedModels } from '../history/models';
import { historyObjects } from '../history/objects';
import { type AnyModel, can, type ModelClass, optionsOf } from '../models/capabilities';
import { type TableRef, tableKey } from '../sql/identifiers';
import { DECLARED } from '../sql/names';
import { declaredObjects } from '../triggers/declared';
import { declaringModels } from '../triggers/registry';
import { Graph } from './graph';
import { archive } from './kinds/archive';
import { cascade } from './kinds/cascade';
import { roleGuard, truncateGuard } from './kinds/guards';
import { deletionMark, uniqueIndexes } from './kinds/indexes';
import { moves } from './kinds/moves';
import { parents } from './kinds/parents';
import { sinceIndex } from './kinds/since';
import { fill, stamp } from './kinds/stamp';
import { needsBeside } from './needs';
import { type EnforcedObject, KINDS } from './object';
import { sealOf } from './seal';
import { merged, refOf, type SchemaOf, type Table, tableOf } from './tables';

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
  /** Tables of models that have nothing but triggers of their own, or had. */
  readonly plain: readonly PlainTable[];
  /** SQL that creates the objects, a statement an element; for a migration written by hand. */
  readonly up: readonly string[];
  /** SQL that removes them. */
  readonly down: readonly string[];
}

/** A table whose times and rows are not kept. */
export type PlainTable = Pick<Table, 'model' | 'name' | 'table' | 'partitions'>;

/** Options of {@link plan}. */
export interface PlanOptions {
  /** Models to plan for. Default: every Dated or SoftDeletable model of the instance. */
  models?: readonly AnyModel[];
  /** The schema of models that name none. Default: `public`. The installer looks it up in the database. */
  schema?: string | SchemaOf;
  /** Is the table there yet? A view is one for declared triggers alone. Default: all are. */
  exists?: (table: Pick<Table, 'table'>, views?: boolean) => boolean;
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
  const given = options.models && sameTables(sequelize, options.models as readonly ModelClass[], schemaOf);
  const wanted = given?.filter((model) => optionsOf(model)) ?? enforcedModels(sequelize);
  const declaring = (given ?? declaringModels(sequelize)).filter((model) =>
    exists({ table: refOf(model.getTableName(), schemaOf) }, true),
  );
  const versioned = (given?.filter((model) => can(model, 'versioned')) ?? versionedModels(sequelize)).filter((model) =>
    exists({ table: refOf(model.getTableName(), schemaOf) }),
  );
  const plainModels = (given ?? allModels(sequelize)).filter((model) => !optionsOf(model));
  // The graph is drawn over every model, in one order, so that planning for some of them asks for the same objects.
  const known = new Map<string, Table>();
  for (const model of new Set([...enforcedModels(sequelize), ...wanted])) {
    const table = tableOf(model, schemaOf, options.partitionsOf);
    const before = known.get(tableKey(table.table));
    if (exists(table)) known.set(tableKey(table.table), before ? merged(before, table) : table);
  }
  const graph = new Graph([...known.values()], schemaOf);
  const chosen = graph.tables.filter(({ models }) => models.some((model) => wanted.includes(model)));
  const declared = declaring.flatMap((model) => declaredObjects(model, schemaOf));
  const history = versioned.flatMap((model) => historyObjects(model, schemaOf, options.partitionsOf));
  const objects = inOrder([
    ...chosen.flatMap((table) => objectsOf(graph, table)),
    ...agreed(declared),
    ...agreed(history),
  ]);
  const needs = inOrder(needsBeside(graph, chosen));
  const up = [...needs, ...objects].flatMap((object) => [object.create, ...sealOf(object)]);
  const down = [...objects].reverse().map(({ drop }) => drop);
  return { objects, needs, graph, plain: plainTables(plainModels, schemaOf, options), up, down };
}

function plainTables(models: readonly ModelClass[], schemaOf: SchemaOf, options: PlanOptions): PlainTable[] {
  const { exists = () => true, partitionsOf = () => [] } = options;
  const all = models.map((model) => ({ model, name: model.name, table: refOf(model.getTableName(), schemaOf) }));
  return all
    .filter((plain) => exists(plain, true))
    .map((plain) => ({ ...plain, partitions: partitionsOf(plain.table) }));
}

/** All models of the tables of some: what is planned for a table is planned for the whole of it. */
function sameTables(sequelize: Sequelize, models: readonly ModelClass[], schemaOf: SchemaOf): ModelClass[] {
  const key = (model: ModelClass) => tableKey(refOf(model.getTableName(), schemaOf));
  const keys = new Set(models.map(key));
  return [...new Set([...models, ...allModels(sequelize).filter((model) => keys.has(key(model)))])];
}

/**
 * Is an object of ours that stands on a table the plan's to judge? Where its models declare triggers and no more,
 * another application may have enforcement on the table.
 */
export function judges({ graph, plain, objects }: Plan, { table, name }: { table: TableRef; name: string }): boolean {
  // Such as the triggers that keep the history of a plain model.
  if (objects.some((each) => each.name === name && tableKey(each.table) === tableKey(table))) return true;
  const is = (other: Pick<Table, 'table' | 'partitions'>) =>
    [other.table, ...other.partitions].some((each) => tableKey(each) === tableKey(table));
  if (graph.tables.some(is) || !plain.some(is)) return true;
  return Object.values(DECLARED).some((begin) => name.startsWith(begin));
}

const allModels = (sequelize: Sequelize) => Object.values(sequelize.models) as unknown as ModelClass[];

/** The models of an instance that the database keeps something for. */
export function enforcedModels(sequelize: Sequelize): ModelClass[] {
  return allModels(sequelize).filter((model) => optionsOf(model) && (can(model, 'dated') || can(model, 'soft')));
}

/** Those, and plain models that declare triggers or keep a history. */
export function servedModels(sequelize: Sequelize): ModelClass[] {
  return [...new Set([...enforcedModels(sequelize), ...declaringModels(sequelize), ...versionedModels(sequelize)])];
}

/** Was the model's table found? */
export const hasTable = ({ graph, plain }: Plan, model: ModelClass) =>
  graph.tables.some(({ models }) => models.includes(model)) || plain.some((each) => each.model === model);

function objectsOf(graph: Graph, table: Table): EnforcedObject[] {
  const times = [...fill(table), ...stamp(graph, table), ...sinceIndex(table)];
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

/** Two models of one table may inherit a trigger from one class. */
function agreed(objects: readonly EnforcedObject[]): EnforcedObject[] {
  const known = new Map<string, EnforcedObject>();
  for (const object of objects) {
    const id = JSON.stringify([object.kind, tableKey(object.table), object.name]);
    const before = known.get(id);
    if (before && before.digest !== object.digest) {
      throw new DefinitionError(
        object.declared === undefined
          ? `${before.model} and ${object.model} are models of one table and keep its history in two ways. Give both the same attributes and options of Versioned.`
          : `${before.model} and ${object.model} are models of one table and declare the trigger "${object.declared}" in two ways. ` +
              'Give one of them another name.',
      );
    }
    known.set(id, before ?? object);
  }
  return [...known.values()];
}

function inOrder(objects: EnforcedObject[]): EnforcedObject[] {
  return KINDS.flatMap((kind) => objects.filter((object) => object.kind === kind));
}
