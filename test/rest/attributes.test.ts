import { expect } from 'chai';
import express, { type NextFunction, type Request, type Response } from 'express';
import { DataTypes, Model } from 'sequelize';
import { DefinitionError, Guitar } from '../../lib';
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
        meta: DataTypes.JSONB,
        label: { type: DataTypes.TEXT, field: 'the_label', unique: true },
      },
      { sequelize: database.sequelize, tableName: 'thing', guitar: { engine: 'trigger' } },
    );
    await database.sequelize.sync();
  });
  let answer: unknown;
  const { ask } = useServer(() =>
    express()
      .use('/things', softDeleteRouter(Thing, { revision: async () => ({ actor: 'ann' }) }))
      .use('/checked', softDeleteRouter(Thing, { validate: () => answer }))
      .use((error: Error, _request: Request, response: Response, next: NextFunction) =>
        error instanceof DefinitionError ? response.status(500).json(error.message) : next(error),
      )
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

  it('JSON is merged with a merge patch, and replaced by other bodies', async () => {
    const patch = async (meta: unknown, type: string, verb = 'PATCH') =>
      (await ask(verb, '/things/a', { body: JSON.stringify({ meta }), headers: { 'content-type': type } })).body.meta;
    const [json, merge] = ['application/json', 'application/merge-patch+json'];
    const meta = { a: { x: 1, y: 2 }, b: [1] };
    expect(await patch(meta, merge)).to.deep.equal(meta);
    const change = { a: { x: null, z: { n: null, m: 1 } }, c: 3 };
    expect(await patch(change, merge)).to.deep.equal({ a: { y: 2, z: { m: 1 } }, b: [1], c: 3 });
    expect(await patch({ b: { d: 4 }, a: null, c: null }, merge)).to.deep.equal({ b: { d: 4 } });
    expect(await patch(change, json)).to.deep.equal(change);
    expect(await patch({ e: null }, merge, 'PUT')).to.deep.equal({ e: null });
    expect(await patch(null, merge)).to.equal(null);
  });

  it('an answer of `validate` that is no values is the fault of the application, and nothing is written', async () => {
    for (const no of [false, true, 'x', [1], { success: false, issues: [] }]) {
      answer = no;
      for (const [verb, path] of [
        ['POST', '/checked'],
        ['PATCH', '/checked/a'],
      ] as const) {
        const { status, body } = await ask(verb, path, { body: { label: 'new' } });
        expect(status).to.equal(500);
        expect(body).to.match(/"validate" answered what are no values/);
      }
    }
    answer = { label: 'answered' };
    expect((await ask('PATCH', '/checked/a', { body: {} })).body.label).to.equal('answered');
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
