import { expect } from 'chai';
import express from 'express';
import { DataTypes, Model } from 'sequelize';
import { Guitar } from '../../lib';
import { softDeleteRouter } from '../../lib/rest';
import { id } from '../orm/shop';
import { useDatabase } from '../support/database';
import { useServer } from './support/client';

describe('what rows look like', () => {
  const database = useDatabase();
  const attributes = () => ({ id: id(), name: DataTypes.TEXT, secret: DataTypes.TEXT });
  class Plain extends Guitar(Model) {}
  class Hiding extends Guitar(Model) {
    override toJSON(): object {
      const { secret, ...values } = super.toJSON() as { secret: unknown };
      return { ...values, more: 1 };
    }
  }
  class Getting extends Guitar(Model) {}
  class Hooked extends Guitar(Model) {}
  const models = { Plain, Hiding, Getting, Hooked };

  before(async () => {
    const { sequelize } = database;
    Plain.init(attributes(), { sequelize });
    Hiding.init(attributes(), { sequelize });
    const loud = { type: DataTypes.VIRTUAL(DataTypes.TEXT, ['name']), get: (): unknown => 'loud' };
    const getter = {
      type: DataTypes.TEXT,
      get(this: Model): unknown {
        return `<${this.getDataValue('name' as never)}>`;
      },
    };
    Getting.init({ ...attributes(), name: getter, loud }, { sequelize });
    Hooked.init(attributes(), { sequelize });
    Hooked.addHook('afterFind', (found: unknown) => {
      for (const row of Array.isArray(found) ? found : [found])
        if (row instanceof Model) row.set('name' as never, 'hooked' as never);
    });
    await sequelize.sync();
    for (const model of Object.values(models)) await model.create({ name: 'a', secret: 'b' } as never);
  });
  const { ask } = useServer(() => {
    const app = express();
    for (const [name, model] of Object.entries(models)) app.use(`/${name}`, softDeleteRouter(model as never));
    return app;
  });

  const expected: [string, object][] = [
    ['Plain', { id: 1, name: 'a', secret: 'b' }],
    ['Hiding', { id: 1, name: 'a' }],
    ['Getting', { id: 1, name: '<a>', secret: 'b', loud: 'loud' }],
    ['Hooked', { id: 1, name: 'hooked', secret: 'b' }],
  ];
  for (const [name, row] of expected) {
    it(`${name}: the same in a list, in a page by cursor and alone`, async () => {
      const seen = [
        (await ask('GET', `/${name}`)).body.results[0],
        (await ask('GET', `/${name}?cursor=`)).body.results[0],
        (await ask('GET', `/${name}/1`)).body,
      ];
      for (const { createdAt, updatedAt, deletedAt, ...rest } of seen) {
        expect(rest).to.deep.equal(row);
        expect([createdAt, updatedAt, deletedAt].map((time) => typeof time)).to.deep.equal([
          'string',
          'string',
          'object',
        ]);
      }
    });
  }
});
