import {
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import { Guitar } from '../../lib';
import {
  ignoreTriggers,
  insert,
  plpgsql,
  protect,
  registerTriggers,
  setConstraints,
  trigger,
  updateOf,
  when,
} from '../../lib/triggers';
import type { Equal, Expect } from './expect';

class Article extends Guitar(Model)<InferAttributes<Article>, InferCreationAttributes<Article>> {
  declare title: string;
}

/** The option is known wherever Sequelize takes options, with lists in the list. */
export function declaring(sequelize: Sequelize) {
  const check = trigger({
    name: 'check',
    when: 'before',
    operation: [insert, updateOf('title')],
    condition: when({ new: { title: 'x' } }),
    body: plpgsql`NEW.title := ${'y'};`,
  });
  Article.init({ title: DataTypes.TEXT }, { sequelize, triggers: [protect(), check] });
  sequelize.define('plain', {}, { triggers: [check] });
  registerTriggers(Article, [protect(), check]);
  // @ts-expect-error a trigger, not its options
  Article.init({ title: DataTypes.TEXT }, { sequelize, triggers: [{ name: 'check' }] });
  // @ts-expect-error there is no such time
  trigger({ name: 'late', when: 'later', operation: insert, body: plpgsql`` });
  // @ts-expect-error a body is plpgsql
  trigger({ name: 'text', when: 'before', operation: insert, body: 'RETURN NEW' });
}

export async function running(transaction: Transaction) {
  const count = await ignoreTriggers({ model: Article, kind: 'protect' }, { transaction }, async () => 1);
  await ignoreTriggers(['check', { tag: 'money' }], { transaction }, async () => undefined);
  await setConstraints('deferred', 'check', { transaction });
  // @ts-expect-error there is no such filter
  await ignoreTriggers({ table: 'article' }, { transaction }, async () => undefined);
  const result: [Expect<Equal<typeof count, number>>] = [true];
  return result;
}
