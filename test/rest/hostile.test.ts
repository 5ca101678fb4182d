import { expect } from 'chai';
import { useDatabase } from '../support/database';
import { application, type Seen } from './fuzz/application';
import { defineModels, type Models } from './fuzz/models';
import { exchange } from './fuzz/wire';
import { useServer } from './support/client';

/** Bodies that Sequelize or PostgreSQL once failed at. */
const MISFITS: Readonly<Record<string, readonly unknown[]>> = {
  numbers: [1.5, 'text', {}, [[1]], [{}]],
  range: [{ a: 1 }, 1, 'text', [1], [1, 2, 3], [{ col: 'secret' }, 2], [{ value: {} }, 2], [[1], [2]]],
  dates: [{}, 'now', [['x'], null]],
  float: [[{ value: 1 }], {}],
  double: [[1], {}],
  date: [{}, [2026, 1, 1], '5', 'tomorrow'],
  boolean: [[], {}],
  blob: [1, true, {}, { type: 'Buffer', data: [1] }],
  char: [{}, ['a']],
  enum: [['a'], {}],
  uuid: [{}],
  inet: [{}],
};

describe('requests that were answered wrongly once', () => {
  const database = useDatabase();
  const seen: Seen = { errors: [], statements: [], served: [], logged: 0 };
  let models: Models;
  before(async () => {
    models = defineModels(database.sequelize, 'rule');
    await database.sequelize.sync();
  });
  const { ask, origin } = useServer(() => application(models, seen));
  afterEach(() => expect(seen.errors.splice(0).join('\n')).to.equal(''));

  for (const [name, values] of Object.entries(MISFITS)) {
    for (const value of values) {
      const body = JSON.stringify({ [name]: value });

      it(`POST ${body}`, async () => {
        const { status, body: problem } = await ask('POST', '/every', { body });
        expect(status).to.equal(422);
        expect(problem.errors).to.have.lengthOf(1);
        expect(problem.errors[0].pointer).to.equal(`/${name}`);
      });
    }
  }

  it('numbers beyond bounds are not stored as null or infinity', async () => {
    const { status, body } = await ask('POST', '/every', { body: '{"double":1e400}' });
    expect([status, body.errors?.[0].pointer]).to.deep.equal([422, '/double']);
  });

  it('dollars in the filter of a bulk request are no parameters', async () => {
    for (const title of ['$', '$$', '$1', '$sequelize_1', ':title', '?'])
      await ask('POST', '/note', { body: { title } });
    for (const title of ['$$', '$1', '$sequelize_1', ':title', '?']) {
      const query = `?title=${encodeURIComponent(title)}`;
      expect((await ask('DELETE', `/note${query}`)).body, title).to.deep.equal({ count: 1 });
      expect((await ask('GET', `/note/deleted${query}`)).body.count, title).to.equal(1);
      expect((await ask('PATCH', `/note/restore${query}`)).body, title).to.deep.equal({ count: 1 });
    }
    expect((await ask('GET', '/note')).body.count).to.equal(6);
  });

  it('a compressed body that is cut off is not waited for', async () => {
    const head =
      'PUT /comment/6 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n';
    const bytes = Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n1\r\n\x1f\r\nzz\r\n`, 'latin1');
    await exchange(Number(new URL(origin()).port), { bytes, methods: ['PUT'], isCut: false });
    // What came later is answered: so would this have been.
    await ask('GET', '/comment');
    expect(seen.served.filter(({ response }) => !response.writableEnded).map(({ url }) => url)).to.deep.equal([]);
  });
});
