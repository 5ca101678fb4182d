import type { Sequelize, Transaction } from 'sequelize';
import type { Graph } from '../graph';
import { livePlan } from '../session';
import { type Key, keysOf } from './keys';
import { type ModelOf, modelsOf } from './names';

/** What previews know of a database; the same for all rows that a transaction asks about. */
export interface Ground {
  readonly sequelize: Sequelize;
  readonly transaction: Transaction;
  readonly graph: Graph;
  readonly keys: readonly Key[];
  readonly modelOf: ModelOf;
}

/** Reads what previews have to know. */
export async function groundOf(sequelize: Sequelize, transaction: Transaction): Promise<Ground> {
  const { graph } = await livePlan(sequelize, {}, transaction);
  const keys = await keysOf(sequelize, transaction);
  return { sequelize, transaction, graph, keys, modelOf: await modelsOf(sequelize, transaction) };
}
