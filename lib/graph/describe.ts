import type { Sequelize } from 'sequelize';
import { enforcedModels, plan } from '../enforcement/plan';
import { refOf, type Table } from '../enforcement/tables';
import { can, type ModelClass, settingsOf } from '../models/capabilities';
import { columnOf, inside } from '../models/internals';
import type { Engine, SoftDeletePolicy } from '../models/options';
import { liveUniques } from '../models/uniques';
import { qualified, tableKey } from '../sql/identifiers';

/** A model, and what the database keeps for it. */
export interface GraphModel {
  readonly model: string;
  readonly schema: string;
  readonly table: string;
  /** The ladder class, or the mixins by their names; `Model` where there is none. */
  readonly rung: string;
  /** What makes a DELETE archive; null where rows are not archived. */
  readonly engine: Engine | null;
  /** Columns that the database keeps. */
  readonly times: readonly string[];
  readonly liveUnique: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly hardDeleteRole: string | null;
  /** How many enforced objects, by kind. */
  readonly objects: Readonly<Record<string, number>>;
}

/** A foreign key, and what deleting the parent does along it. */
export interface GraphKey {
  readonly child: string;
  readonly column: string;
  readonly parent: string;
  /** When the parent is archived. `none`: one of the two cannot be. */
  readonly soft: SoftDeletePolicy | 'none';
  /** When it is removed. */
  readonly hard: string;
}

export interface GraphDescription {
  readonly models: readonly GraphModel[];
  readonly keys: readonly GraphKey[];
}

/** The models of an instance, their keys and what is enforced; by name, so that the same models give the same answer. */
export function describeGraph(sequelize: Sequelize, schema: string): GraphDescription {
  const schemaOf = () => schema;
  const { graph, objects } = plan(sequelize, { schema });
  const enforced = new Set(enforcedModels(sequelize));
  const models = (Object.values(sequelize.models) as unknown as ModelClass[]).sort((one, other) =>
    byText(one.name, other.name),
  );
  const names = new Map(models.map((model) => [tableKey(refOf(model.getTableName(), schemaOf)), model.name]));
  const keys = models.flatMap((child) =>
    Object.entries(inside(child).rawAttributes).flatMap(([attribute, { references, onDelete }]): GraphKey[] => {
      if (!references) return [];
      const target = typeof references === 'object' ? (references as { model: unknown }).model : references;
      const parent = names.get(tableKey(refOf(target, schemaOf)));
      if (!parent) return [];
      const column = columnOf(child, attribute);
      const edge = graph.edges.find((each) => each.child.model === child && each.column === column);
      const soft = edge?.softParent ? edge.policy : 'none';
      return [{ child: child.name, column, parent, soft, hard: (onDelete ?? 'NO ACTION').toUpperCase() }];
    }),
  );
  return {
    models: models.map((model) => {
      const { schema: home, name } = refOf(model.getTableName(), schemaOf);
      const table = enforced.has(model) ? graph.tables.find((each) => each.model === model) : undefined;
      const counts: Record<string, number> = {};
      for (const { kind, table: of } of objects) {
        if (table && qualified(of) === qualified(table.table)) counts[kind] = (counts[kind] ?? 0) + 1;
      }
      return { model: model.name, schema: home, table: name, rung: rungOf(model), ...kept(table), objects: counts };
    }),
    keys: keys.sort((one, other) => byText(one.child, other.child) || byText(one.column, other.column)),
  };
}

function kept(table: Table | undefined): Pick<GraphModel, 'engine' | 'times' | 'liveUnique' | 'hardDeleteRole'> {
  if (!table) return { engine: null, times: [], liveUnique: [], hardDeleteRole: null };
  const { model, soft, dated } = table;
  const { columns, engine, hardDeleteRole } = settingsOf(model);
  const uniques = soft ? liveUniques(model) : [];
  return {
    engine: soft ? engine : null,
    times: [...(dated ? [columns.createdAt, columns.updatedAt] : []), ...(soft ? [columns.deletedAt] : [])],
    liveUnique: uniques.map(({ name, fields }) => ({ name, columns: fields.map(fieldName) })),
    hardDeleteRole: (soft && hardDeleteRole) || null,
  };
}

function fieldName(field: unknown): string {
  if (typeof field === 'string') return field;
  const { name, attribute, val } = field as { name?: string; attribute?: string; val?: string };
  return name ?? attribute ?? val ?? 'an expression';
}

function rungOf(model: ModelClass): string {
  const mixins = [
    can(model, 'soft') && 'SoftDeletable',
    can(model, 'dated') && 'Dated',
    can(model, 'updatable') && 'Updatable',
    can(model, 'cached') && 'HasCachedProperties',
  ].filter(Boolean);
  const [soft, dated, dutar] = [
    can(model, 'soft'),
    can(model, 'dated'),
    can(model, 'updatable') && can(model, 'cached'),
  ];
  if (dutar && dated) return soft ? 'Guitar' : 'Setar';
  if (dutar && !soft) return 'Dutar';
  return mixins.join(' + ') || 'Model';
}

/** By code unit: no locale has a say. */
export const byText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
