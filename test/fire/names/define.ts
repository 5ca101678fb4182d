import { Model, type ModelAttributes, Sequelize } from 'sequelize';
import { Guitar, Setar, SoftDeletable } from '../../../lib';
import { Versioned } from '../../../lib/history';
import { insert, plpgsql, type Trigger, trigger, update } from '../../../lib/triggers';
import { KINDS } from './kinds';
import type { ColumnSpec, LinkSpec, TableSpec, WorldSpec } from './spec';

/** The column of the parent that a link refers to. */
export function targetOf({ tables }: WorldSpec, link: LinkSpec): ColumnSpec {
  const parent = tables[link.parent] as TableSpec;
  return link.toCode || parent.key.length > 1 ? parent.code : (parent.key[0] as ColumnSpec);
}

export const isSoft = ({ rung }: TableSpec) => rung === 'Guitar' || rung === 'SoftDeletable';
export const isDated = ({ rung }: TableSpec) => rung === 'Guitar' || rung === 'Setar';

/** The columns of the times, by their names in the options. */
export const timesOf = ({ columns }: TableSpec) =>
  columns ?? { createdAt: '_created_at', updatedAt: '_updated_at', deletedAt: '_deleted_at' };

// biome-ignore lint/suspicious/noExplicitAny: what the mixins take and answer depends on the rung
type Mixed = any;
const RUNGS: Record<TableSpec['rung'], (base: Mixed) => Mixed> = {
  Guitar,
  SoftDeletable,
  Setar,
  plain: (base) => base,
};

/** The models of a world, on an instance of their own. */
export function define(url: string, spec: WorldSpec): { sequelize: Sequelize; models: Mixed[] } {
  const sequelize = new Sequelize(url, { logging: false, pool: { max: 3 } });
  const models: Mixed[] = spec.tables.map((table, n) => {
    const Base = RUNGS[table.rung](Model);
    const Mixed = class extends (table.versioned ? Versioned(Base) : Base) {};
    Mixed.init(attributesOf(spec, table, n), {
      sequelize,
      modelName: table.model,
      tableName: table.table,
      schema: table.schema,
      timestamps: table.rung !== 'plain',
      triggers: table.triggers.map((name) => bystander(name)),
      indexes: table.unique
        ? [{ name: table.unique, unique: true, fields: [(table.others[0] as ColumnSpec).column] }]
        : [],
      ...(table.rung === 'plain' ? {} : { guitar: optionsOf(spec, table, n) }),
    });
    return Mixed;
  });
  for (const link of spec.links) {
    models[link.child].belongsTo(models[link.parent], {
      as: `${link.attribute}_parent`,
      foreignKey: { name: link.attribute, field: link.column, allowNull: true },
      targetKey: targetOf(spec, link).attribute,
      onDelete: link.onDelete,
    });
  }
  return { sequelize, models };
}

function attributesOf(spec: WorldSpec, table: TableSpec, n: number): ModelAttributes {
  const one = (column: ColumnSpec, more: object = {}) => ({
    [column.attribute]: { type: KINDS[column.kind]?.model(), field: column.column, ...more },
  });
  const own = [
    ...table.key.map((column) => one(column, { primaryKey: true })),
    one(table.code, { unique: true }),
    ...table.others.map((column) => one(column)),
    ...spec.links
      .filter(({ child }) => child === n)
      .map((link) => one({ attribute: link.attribute, column: link.column, kind: targetOf(spec, link).kind })),
  ];
  return Object.assign({}, ...own) as ModelAttributes;
}

function optionsOf(spec: WorldSpec, table: TableSpec, n: number): object {
  const soft = (index: number) => isSoft(spec.tables[index] as TableSpec);
  const overrides = spec.links.filter(
    ({ child, parent, policy }) => child === n && policy && soft(child) && soft(parent),
  );
  return {
    engine: table.engine,
    // Keys refer to it, which takes a constraint.
    uniqueAmongLive: { [table.code.attribute]: false },
    columns: table.columns,
    deletionColumn: table.deletion,
    onSoftDelete: Object.fromEntries(overrides.map(({ attribute, policy }) => [`${attribute}_parent`, policy])),
  };
}

/** A declared trigger that changes nothing. */
const bystander = (name: string): Trigger =>
  trigger({
    name,
    when: 'before',
    operation: [insert, update],
    body: plpgsql`IF TG_OP = 'nothing' THEN RETURN NULL; END IF;`,
  });
