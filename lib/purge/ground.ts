import type { Sequelize, Transaction } from 'sequelize';
import { select } from '../enforcement/catalog';
import { keysOf, reachable } from '../enforcement/preview/keys';
import { type Relation, relationOf, softTableOf, tableOfModel } from '../enforcement/preview/relations';
import { livePlan } from '../enforcement/session';
import type { Table } from '../enforcement/tables';
import { DefinitionError } from '../errors';
import { can, type ModelClass } from '../models/capabilities';
import { ident, literal, qualified, type TableRef, tableKey } from '../sql/identifiers';
import { type Order, orderOf } from './order';
import { stepOf } from './steps';

/** A table that a purge may come to; of a partition, what it is a partition of. */
export interface Place {
  readonly ref: TableRef;
  /** SQL */
  readonly name: string;
}

/** Where a purge may lead: the purged table first, and the database's own keys, those that no model knows included. */
export interface Ground {
  readonly model: string;
  readonly table: Table;
  /** SQL: where the purged rows are, and which are old enough. */
  readonly from: string;
  readonly old: string;
  /** The types of the primary key's columns. */
  readonly types: readonly string[];
  readonly places: readonly Place[];
  readonly order: Order;
}

/**
 * @param cutoff the time before which rows must have been archived
 * @throws DefinitionError the model is not soft-deletable, or its table does not exist
 */
export async function groundOf(sequelize: Sequelize, model: ModelClass, cutoff: string): Promise<Ground> {
  if (!can(model, 'soft')) {
    throw new DefinitionError(
      `${model.name} is not soft-deletable: it has no archives to purge. Make it Guitar or SoftDeletable.`,
    );
  }
  const { graph } = await livePlan(sequelize, {});
  const table = tableOfModel(graph, model);
  if (!table) throw new DefinitionError(`The table of ${model.name} does not exist. There is nothing to purge.`);
  const [root, types, all] = await sequelize.transaction(async (transaction) => {
    return [...(await rootOf(sequelize, transaction, table)), await keysOf(sequelize, transaction)] as const;
  });
  const keys = reachable(all, root.parts, ({ action }) => !action.startsWith('SET'));
  const places: Place[] = [{ ref: root.root, name: root.root.sql }];
  const numberOf = ({ root: ref }: Relation) => places.findIndex((each) => tableKey(each.ref) === tableKey(ref));
  for (const { holder, action } of keys) {
    if (!action.startsWith('SET') && numberOf(holder) < 0) places.push({ ref: holder.root, name: holder.root.sql });
  }
  const before = `${literal(cutoff)}::timestamptz`;
  const old = (relation: Relation, row: string) => {
    const column = softTableOf(graph, relation)?.options.columns.deletedAt;
    return column === undefined ? undefined : `coalesce(${row}.${ident(column)} < ${before}, false)`;
  };
  const steps = keys.map((key) => stepOf(key, numberOf(key.target), numberOf(key.holder), old));
  return {
    model: model.name,
    table,
    from: root.sql,
    old: `${ident(table.options.columns.deletedAt)} < ${before}`,
    types,
    places,
    order: orderOf(places.length, steps),
  };
}

async function rootOf(
  sequelize: Sequelize,
  transaction: Transaction,
  { table, key }: Table,
): Promise<[Relation, string[]]> {
  const [found] = await select<{ root: Relation; types: Record<string, string> }>(
    sequelize,
    `SELECT to_json(relation) AS root, (SELECT json_object_agg(attname, format_type(atttypid, atttypmod)) FROM pg_attribute
        WHERE attrelid = oid AND attnum > 0 AND NOT attisdropped) AS types
      FROM (SELECT to_regclass(${literal(qualified(table))})::oid AS oid) AS given CROSS JOIN LATERAL ${relationOf('given.oid')} AS relation`,
    transaction,
  );
  const { root, types } = found as NonNullable<typeof found>;
  return [root, key.map((column) => types[column] ?? 'text')];
}
