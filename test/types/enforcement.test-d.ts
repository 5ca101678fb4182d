import { type InferAttributes, type InferCreationAttributes, Model, type Sequelize, type Transaction } from 'sequelize';
import { audit, Guitar, install, plan, uninstall, withHardDelete, withKeptTimestamps } from '../../lib';
import type { Equal, Expect } from './expect';

class Article extends Guitar(Model)<InferAttributes<Article>, InferCreationAttributes<Article>> {
  declare title: string;
}

/** Typed models are taken wherever models are named. */
export async function models(sequelize: Sequelize) {
  plan(sequelize, { models: [Article] });
  await install(sequelize, { models: [Article] });
  await audit(sequelize, { models: [Article] });
  await uninstall(sequelize, { models: [Article] });
  await sequelize.sync({ guitars: false });
}

export async function doors(transaction: Transaction) {
  const count = await withHardDelete(transaction, async () => 1);
  const text = await withKeptTimestamps(transaction, async () => 'x');
  // @ts-expect-error the transaction comes first
  await withHardDelete(async () => 1);
  const result: [Expect<Equal<typeof count, number>>, Expect<Equal<typeof text, string>>] = [true, true];
  return result;
}
