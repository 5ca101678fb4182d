import type { Sequelize } from 'sequelize';
import { keysOf } from '../enforcement/preview/keys';
import { livePlan } from '../enforcement/session';
import type { Table } from '../enforcement/tables';
import { DefinitionError } from '../errors';
import { can, type ModelClass } from '../models/capabilities';
import { ident, qualified, type TableRef, tableKey } from '../sql/identifiers';

/** A table that a purge may come to. */
export interface Place {
  readonly ref: TableRef;
  readonly name: string;
  /** SQL: the column that says when a row was archived; undefined of a plain table. */
  readonly deleted: string | undefined;
}

/** A foreign key that a purge follows from a parent to its children: numbers of places. */
export interface Step {
  readonly constraint: string;
  readonly from: number;
  readonly to: number;
  /** SQL: the condition that joins a parent `p` and a child `c`. */
  readonly on: string;
  readonly cascade: boolean;
}

/** Where a purge may lead: the purged table first, and the database's own keys, those that no model knows included. */
export interface Ground {
  readonly table: Table;
  readonly places: readonly Place[];
  readonly steps: readonly Step[];
}

/** @throws DefinitionError the model is not soft-deletable, or its table does not exist */
export async function groundOf(sequelize: Sequelize, model: ModelClass): Promise<Ground> {
  if (!can(model, 'soft')) {
    throw new DefinitionError(
      `${model.name} is not soft-deletable: it has no archives to purge. Make it Guitar or SoftDeletable.`,
    );
  }
  const { graph } = await livePlan(sequelize, {});
  const table = graph.tables.find(({ models }) => models.includes(model));
  if (!table) throw new DefinitionError(`The table of ${model.name} does not exist. There is nothing to purge.`);
  const soft = new Map(graph.tables.filter((each) => each.soft).map((each) => [tableKey(each.table), each]));
  const keys = await sequelize.transaction((transaction) => keysOf(sequelize, transaction));
  const refs: TableRef[] = [table.table];
  const steps: Step[] = [];
  const numberOf = (ref: TableRef) => {
    const known = refs.findIndex((each) => tableKey(each) === tableKey(ref));
    return known >= 0 ? known : refs.push(ref) - 1;
  };
  // The list grows while it is walked.
  for (const [from, ref] of refs.entries()) {
    for (const key of keys.filter((each) => each.parentSchema === ref.schema && each.parentTable === ref.name)) {
      if (key.action.startsWith('SET')) continue;
      const to = numberOf({ schema: key.schema, name: key.table });
      steps.push({ constraint: key.constraint, from, to, on: key.on, cascade: key.action === 'CASCADE' });
    }
  }
  const places = refs.map((each) => {
    const column = soft.get(tableKey(each))?.options.columns.deletedAt;
    return { ref: each, name: qualified(each), deleted: column === undefined ? undefined : ident(column) };
  });
  return { table, places, steps };
}

/** The places so that children come before their parents, as far as the keys have no cycle. */
export function childrenFirst({ places, steps }: Ground): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  const visit = (place: number) => {
    if (seen.has(place)) return;
    seen.add(place);
    for (const { from, to } of steps) if (from === place) visit(to);
    order.push(place);
  };
  for (const place of places.keys()) visit(place);
  return order;
}
