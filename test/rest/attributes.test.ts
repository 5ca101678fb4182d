import { expect } from 'chai';
import express from 'express';
import { DataTypes, Model } from 'sequelize';
import { Guitar } from '../../lib';
import { Versioned } from '../../lib/history';
import { softDeleteRouter } from '../../lib/rest';
import { useDatabase } from '../support/database';
import type { Row } from './support/blog';
import { useServer } from './support/client';

/** Things whose attributes are read otherwise than they are stored, and are not named as their columns. */
class Thing extends Versioned(Guitar(Model))<Row, Row> {}

describe('attributes of all kinds', () => {
  const database = useDatabase();
  before(async () => {
    const cents = (name: string) =>
      function get(this: Model) {
        return `${Number(this.getDataValue(name as never)) / 100} EUR`;
      };
    Thing.init(
      {
        code: {
          type: DataTypes.TEXT,
          primaryKey: true,
          get() {
            return `code ${this.getDataValue('code')}`;
          },
        },
        price: { type: DataTypes.INTEGER, defaultValue: 100, get: cents('price') },
        label: { type: DataTypes.TEXT, field: 'the_label', unique: true },
      },
      { sequelize: database.sequelize, tableName: 'thing', guitar: { engine: 'trigger' } },
    );
    await database.sequelize.sync();
  });
  const { ask } = useServer(() =>
    express()
      .use('/things', softDeleteRouter(Thing, { revision: async () => ({ actor: 'ann' }) }))
      .use('/nothing', softDeleteRouter(Thing, { serialize: async () => undefined })),
  );

  it('a key that has a getter', async () => {
    const made = await ask('POST', '/things', { body: { code: 'a' } });
    expect([made.status, made.headers.get('location'), made.body.code]).to.deep.equal([201, '/things/a', 'code a']);
    expect((await ask('PATCH', '/things/a', { body: { label: 'x' } })).body.label).to.equal('x');
  });

  it('a default of an attribute that has a getter', async () => {
    await ask('PATCH', '/things/a', { body: { price: 300 } });
    const { status, body } = await ask('PUT', '/things/a', { body: {} });
    expect([status, body.price, body.label]).to.deep.equal([200, '1 EUR', null]);
  });

  it('a unique value that is taken is named as the client names it', async () => {
    await ask('PATCH', '/things/a', { body: { label: 'taken' } });
    const { status, body } = await ask('POST', '/things', { body: { code: 'b', label: 'taken' } });
    expect([status, body.errors]).to.deep.equal([409, [{ pointer: '/label', detail: 'It is taken.' }]]);
  });

  it('a revision that has to be waited for', async () => {
    await ask('POST', '/things', { body: { code: 'c' } });
    const [version] = await ((await Thing.findByPk('c')) as Row).versions();
    expect(version.actor).to.equal('ann');
  });

  it('a row of which nothing is shown', async () => {
    const { status, body } = await ask('GET', '/nothing/a');
    expect([status, body]).to.deep.equal([200, null]);
    expect((await ask('GET', '/nothing')).body.results).to.deep.equal((await Thing.findAll()).map(() => null));
  });
});
