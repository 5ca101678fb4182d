import { expect } from 'chai';
import express from 'express';
import fc from 'fast-check';
import { type DataType, DataTypes, Model } from 'sequelize';
import { Guitar } from '../../lib';
import { handlers, segmentOf, softDeleteRouter } from '../../lib/rest';
import { keyOfSegment } from '../../lib/rest/key';
import { emptied } from '../orm/shop';
import { useDatabase } from '../support/database';
import { useServer } from './support/client';

describe('keys in paths', () => {
  const database = useDatabase();
  class Page extends Guitar(Model) {}
  class Pair extends Guitar(Model) {}
  class Moment extends Guitar(Model) {}
  const key = (type: DataType) => ({ type, primaryKey: true });

  before(async () => {
    const { sequelize } = database;
    Page.init({ name: key(DataTypes.TEXT) }, { sequelize, tableName: 'page' });
    Pair.init(
      { place: key(DataTypes.TEXT), number: key(DataTypes.BIGINT), note: DataTypes.TEXT },
      { sequelize, tableName: 'pair' },
    );
    Moment.init(
      { at: key(DataTypes.DATE), day: key(DataTypes.DATEONLY), on: key(DataTypes.BOOLEAN), raw: key(DataTypes.BLOB) },
      { sequelize, tableName: 'moment' },
    );
    await sequelize.sync();
  });
  beforeEach(() => emptied(database.sequelize));
  const { ask } = useServer(() => {
    const app = express();
    app
      .use('/pages', softDeleteRouter(Page))
      .use('/pairs', softDeleteRouter(Pair))
      .use('/moments', softDeleteRouter(Moment));
    app.get('/trash/:pk', handlers(Pair).readDeleted);
    return app;
  });

  const odd = [
    'deleted',
    'with-deleted',
    'restore',
    'as-of',
    'Deleted',
    '~',
    '~deleted',
    '~-deleted',
    'a,b',
    'a/b',
    '..',
    '.',
    '',
    ' ',
    '%',
    '%2F',
    '?a=1',
    '#a',
    'ä',
    '日本',
    "o'b",
    '"',
    '\\',
    'a\nb',
    '__proto__',
    '+',
    '&',
    ';',
    'null',
  ];
  for (const name of odd) {
    it(`a key of text that is ${JSON.stringify(name)} is made, read, changed, archived, restored and removed`, async () => {
      const made = await ask('POST', '/pages', { body: { name } });
      expect(made.status).to.equal(201);
      const location = made.headers.get('location') as string;
      expect((await ask('GET', location)).body).to.include({ name });
      expect((await ask('PUT', location, { body: {} })).body).to.include({ name });
      expect((await ask('DELETE', location)).status).to.equal(204);
      const segment = location.slice('/pages'.length);
      expect((await ask('GET', `/pages/deleted${segment}`)).body).to.include({ name });
      expect((await ask('PATCH', `${location}/restore`)).body).to.include({ name });
      expect((await ask('GET', `/pages/with-deleted${segment}`)).body).to.include({ name });
      expect((await ask('DELETE', `${location}?permanent=true`)).status).to.equal(204);
      expect((await ask('GET', `/pages/with-deleted${segment}`)).status).to.equal(404);
    });
  }

  it('any key can be told in a path, and is read back', () => {
    const models = [Page, Pair];
    const keys = fc.record({ name: fc.string({ unit: 'binary' }), number: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) });
    fc.assert(
      fc.property(keys, fc.constantFrom(...models), ({ name, number }, model) => {
        const text = name.replaceAll('\0', '');
        const values = model === Page ? { name: text } : { place: text, number: String(number) };
        const url = new URL(segmentOf((model as typeof Page).build(values)), 'http://x/pages/');
        const segments = url.pathname.split('/');
        expect(segments).to.have.length(3);
        expect(keyOfSegment(model as never, decodeURIComponent(segments[2] as string))).to.deep.equal(values);
      }),
      { numRuns: 500 },
    );
  });

  it('keys of several attributes, with commas between', async () => {
    for (const [place, number] of [
      ['a', '1'],
      ['a,b', '2'],
      ['~', '9223372036854775807'],
      ['', '-3'],
    ]) {
      const { status, headers, body } = await ask('POST', '/pairs', { body: { place, number, note: 'x' } });
      expect(status, JSON.stringify(body)).to.equal(201);
      const location = headers.get('location') as string;
      expect((await ask('GET', location)).body).to.include({ place, number });
      expect((await ask('PATCH', location, { body: { note: 'y', place, number } })).body).to.include({
        place,
        number,
        note: 'y',
      });
      expect((await ask('PATCH', location, { body: { number: '77' } })).status).to.equal(422);
      expect((await ask('DELETE', location)).status).to.equal(204);
      expect((await ask('GET', `/trash${location.slice('/pairs'.length)}`)).body).to.include({ place, number });
    }
    expect((await ask('GET', '/pairs/a,1')).status).to.equal(404);
    expect((await ask('GET', '/pairs/with-deleted/a,1')).status).to.equal(200);
    expect((await ask('GET', '/pairs?cursor=&pageSize=2')).status).to.equal(200);
    for (const segment of ['a', 'a,1,2', 'a,x', ',', 'a,', 'a~,1', 'a,9223372036854775808', 'a,1.5']) {
      expect((await ask('GET', `/pairs/${segment}`)).status, segment).to.equal(400);
    }
  });

  it('keys of times, dates, booleans and bytes', async () => {
    const body = {
      at: '2026-01-31T12:00:00.123Z',
      day: '2026-02-28',
      on: true,
      raw: Buffer.from([0, 255]).toString('base64'),
    };
    const { status, headers } = await ask('POST', '/moments', { body });
    expect(status).to.equal(201);
    const location = headers.get('location') as string;
    expect((await ask('GET', location)).body).to.include(body);
    expect((await ask('DELETE', location)).status).to.equal(204);
    expect((await ask('GET', '/moments/deleted')).body.results[0]).to.include(body);
  });

  it('a path that cannot be decoded: 400', async () => {
    const { status, headers } = await ask('GET', '/pages/%zz');
    expect([status, headers.get('content-type')]).to.deep.equal([400, 'application/problem+json; charset=utf-8']);
  });
});
