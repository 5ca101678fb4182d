import { expect } from 'chai';
import express from 'express';
import { DataTypes, Model, type Sequelize } from 'sequelize';
import { Guitar } from '../../../lib';
import { Versioned, withRevision } from '../../../lib/history';
import { archiveBrowser } from '../../../lib/rest';
import { id } from '../../orm/shop';
import { useDatabase } from '../../support/database';
import { useServer } from '../support/client';
import { posting, read } from './ask';

const XSS = `"><img src=x onerror=alert(1)>'</script><script>alert(2)</script>&amp;\`\${7}`;
const KEYS = [
  'a/b',
  '',
  '.',
  '..',
  'restore',
  'ä ö',
  '50%',
  'a,b',
  '~',
  `it's`,
  `"`,
  '<i>',
  'deleted',
  '日本',
  'a\nb',
  'preview',
  '?x=1#y',
];

function define(sequelize: Sequelize) {
  const odd = { sequelize, guitar: { columns: { deletedAt: 'gone at' }, deletionColumn: 'mark of döath' } };
  class Odd extends Versioned(Guitar(Model)) {}
  class Leaf extends Guitar(Model) {}
  class Pair extends Guitar(Model) {}
  class Twin extends Guitar(Model) {}
  class Staff extends Guitar(Model) {}
  class Lone extends Guitar(Model) {}
  Odd.init(
    {
      key: { type: DataTypes.TEXT, primaryKey: true, field: "the key's" },
      "ti'tle": { type: DataTypes.TEXT, field: 'é title %' },
    },
    { ...odd, modelName: 'Odd <b>', tableName: 'odd täble; --' },
  );
  Leaf.init(
    { id: id(), text: DataTypes.TEXT, parent: { type: DataTypes.TEXT, field: 'par ent' } },
    { ...odd, tableName: 'leaf é', indexes: [{ fields: ['par ent'], name: 'leaf_parent' }] },
  );
  Odd.hasMany(Leaf, { foreignKey: 'parent', onDelete: 'CASCADE' });
  Leaf.belongsTo(Odd, { foreignKey: 'parent', onDelete: 'CASCADE' });
  Pair.init(
    {
      left: { type: DataTypes.INTEGER, primaryKey: true },
      right: { type: DataTypes.STRING, primaryKey: true },
      at: { type: DataTypes.DATE, primaryKey: true },
      data: DataTypes.JSONB,
      bytes: DataTypes.BLOB,
    },
    { sequelize, tableName: 'twin' },
  );
  Twin.init({ id: id(), name: DataTypes.TEXT }, { sequelize, tableName: 'twin', schema: 'other' });
  Staff.init(
    { id: id(), name: DataTypes.TEXT },
    { sequelize, tableName: 'staff', indexes: [{ fields: ['boss'] }, { fields: ['peer'] }] },
  );
  for (const name of ['boss', 'peer'])
    Staff.belongsTo(Staff, { as: `${name}Row`, foreignKey: { name, field: name } as never, onDelete: 'CASCADE' });
  Lone.init(
    { id: id(), stamp: DataTypes.STRING(20, true), name: DataTypes.TEXT, hush: { type: DataTypes.TEXT, unique: true } },
    { sequelize, tableName: 'lone', defaultScope: { attributes: { exclude: ['hush'] } } },
  );
  return { Odd, Leaf, Pair, Twin, Staff, Lone };
}

describe('the archive browser: odd names, keys and values', () => {
  const db = useDatabase();
  let models: ReturnType<typeof define>;
  before(async () => {
    await db.sequelize.query('CREATE SCHEMA other');
    models = define(db.sequelize);
    await db.sequelize.sync();
  });
  const server = useServer(() =>
    express().use(
      '/the-archive',
      archiveBrowser({ models: Object.values(models), authorize: () => true, title: `Archive ${XSS}` }),
    ),
  );
  const base = '/the-archive';
  const post = posting(server, base);
  const page = async (path: string) => {
    const { status, body } = await server.ask('GET', base + path);
    expect(status, path).to.equal(200);
    expect((body as string).replace(/<(style|script) nonce[\s\S]*?<\/\1>/g, '')).not.to.match(/<img|<script|<i>|<b>/);
    return body as string;
  };
  const links = (body: string) =>
    [...body.matchAll(/href="\/the-archive([^"]*\/rows\/[^"]*)"/g)].map(([, path]) =>
      String(path).replaceAll('&#39;', "'").replaceAll('&amp;', '&'),
    );
  const slug = encodeURIComponent('Odd <b>');

  it('every key has its page, its preview and its restore', async () => {
    await withRevision({ actor: XSS, comment: XSS }, async () => {
      await models.Odd.bulkCreate(KEYS.map((key) => ({ key, "ti'tle": XSS })));
      await models.Leaf.bulkCreate(KEYS.map((parent) => ({ parent, text: XSS })));
      await models.Odd.destroy({ where: {} });
    });
    const list = await page(`/${slug}?size=100`);
    expect(links(list)).to.have.length(KEYS.length);
    expect(read(list)).to.include(XSS.slice(0, 20));
    for (const path of links(list)) {
      expect(read(await page(path)), path).to.match(/The same deletion archived 1 row more/);
      expect(read(await page(`${path}/history`)), path)
        .to.include('By "><img')
        .and.to.include(': "><img');
    }
    const keys = [...list.matchAll(/name="key" value="([^"]*)"/g)].map(([, key]) => read(String(key)));
    expect(keys).to.have.length(KEYS.length);
    const raw = KEYS.map((key) =>
      ['', '.', '..', 'restore', 'deleted'].includes(key)
        ? `~-${key}`
        : key.replaceAll('~', '~~').replaceAll(',', '~.'),
    );
    expect((await post(`/${slug}/preview`, { keys: raw })).body)
      .to.include('comes back')
      .and.not.to.match(/<img|<script/);
    const report = await post(`/${slug}/restore`, { keys: raw });
    expect(read(report.body)).to.include(`${KEYS.length} rows restored`);
    expect(report.body).not.to.match(/<img|<script/);
    expect(await models.Leaf.count()).to.equal(KEYS.length);
  });

  it('keys of several parts, times among them; JSON, bytes, and values that are huge', async () => {
    await models.Pair.create({
      left: 1,
      right: 'x,y/z',
      at: new Date('2031-01-31T12:00:00.123Z'),
      data: { big: 'z'.repeat(100_000), '<i>': 1 },
      bytes: Buffer.alloc(50_000, 1),
    });
    await models.Pair.destroy({ where: {} });
    const list = await page('/Pair');
    expect(list.length).to.be.lessThan(40_000);
    const [path = ''] = links(list);
    const body = await page(path);
    expect(body).to.include('characters)').and.to.include('50000 bytes');
    expect(body.length).to.be.lessThan(50_000);
    expect(read(await page(`/Pair?search=${encodeURIComponent('1,x~.y/z,2031-01-31T12:00:00.123Z')}`))).to.include(
      '1 archived row in',
    );
    const [, key = ''] = /rows\/(.*)$/.exec(path) ?? [];
    const purged = await post('/Pair/purge', { key: decodeURIComponent(key), rows: 1, confirm: 'purge' });
    expect(read(purged.body)).to.include('1 row was removed for good');
  });

  it('a table of the same name in another schema is another', async () => {
    await models.Twin.create({ name: 'other' });
    await models.Twin.destroy({ where: {} });
    expect(read(await page(''))).to.match(/Pairs 0 0 Twins 1 0/);
    expect(read(await page('/Twin/rows/1'))).to.include('Nothing: the deletion took this row alone');
    expect(read((await post('/Twin/restore', { keys: ['1'] })).body)).to.include('1 row restored');
  });

  it('rows that refer to themselves and each other in a circle are shown once', async () => {
    for (const [name, boss, peer] of [
      ['a', null, null],
      ['b', 1, 1],
      ['c', 2, 1],
    ] as const)
      await models.Staff.create({ name, boss, peer });
    await models.Staff.update({ boss: 3 }, { where: { id: 1 } });
    await models.Staff.destroy({ where: { id: 2 } });
    const body = read(await page('/Staff/rows/2'));
    expect(body).to.include('2 rows more').and.to.include('shown above');
    expect(body).not.to.include('It refers to rows that are archived too');
    expect(read((await post('/Staff/preview', { keys: ['2'] })).body)).to.include('3 rows come back');
    const report = read((await post('/Staff/restore', { keys: ['1', '2', '3'] })).body);
    expect(report).to.include('3 rows restored').and.not.to.include('not restored');
    expect(report.match(/✓ is live: it came back with another one/g)).to.have.length(2);
    expect(await models.Staff.count()).to.equal(3);
  });

  it('selected rows of which one needs the other come back in any order, as their preview says', async () => {
    for (const keys of ['11,12,13,14', '14,13,12,11', '12,14,11,13', '13,11,14,12']) {
      await models.Staff.destroy({ where: {} });
      await models.Staff.hardDelete({ where: {} });
      await models.Staff.bulkCreate([
        { id: 11, name: 'boss' },
        { id: 12, name: 'worker', boss: 11 },
        { id: 13, name: 'helper', boss: 12 },
        { id: 14, name: 'pupil', boss: 13 },
      ]);
      for (const id of [14, 13, 12, 11]) await models.Staff.destroy({ where: { id } });
      const chosen = { keys: keys.split(',') };
      const preview = read((await post('/Staff/preview', chosen)).body);
      expect(preview, keys).to.include('Restore 4 rows Cancel').and.not.to.include('refused as things are');
      expect(read((await post('/Staff/restore', chosen)).body), keys).to.include('4 rows restored');
      expect(await models.Staff.count()).to.equal(4);
    }
  });

  it('a model without dependants has no mark, and is restored alone', async () => {
    await models.Lone.create({ name: XSS });
    await models.Lone.destroy({ where: {} });
    expect(read(await page('/Lone/rows/1'))).to.include('Nothing: the deletion took this row alone');
    expect(read(await page('/Lone?search=img')))
      .to.include('Search name, key')
      .and.to.include('1 archived row in');
    expect(read((await post('/Lone/restore', { keys: ['1'] })).body)).to.include('1 row restored');
  });

  it('a unique value that is taken is told of, but not by the name of an attribute that is not shown', async () => {
    const row = await models.Lone.create({ name: 'first', hush: 'x' });
    await row.destroy();
    await models.Lone.create({ name: 'second', hush: 'x' });
    const preview = read((await post('/Lone/preview', { keys: [String(row.get('id'))] })).body);
    expect(preview).to.include('the same value of an attribute that is not shown').and.not.to.include('hush');
  });

  it('a path that is none is a 400 or a 404, as a page', async () => {
    for (const [path, status] of [
      ['/Lone/rows/x', 400],
      ['/Lone/rows/99', 404],
      ['/Lone/rows/%E0%A4%A', 400],
      ['/lone', 404],
      [`/${slug}/rows/~x`, 400],
      ['/Lone/rows/1%00', 400],
    ] as const) {
      const reply = await server.ask('GET', base + path, { headers: { accept: 'text/html' } });
      expect([path, reply.status]).to.deep.equal([path, status]);
      expect(reply.headers.get('content-type'), path).to.include('text/html');
    }
    const reply = await server.ask('GET', `${base}/Lone/rows/99`, { headers: { accept: 'application/json' } });
    expect(reply.body).to.include({ status: 404, type: 'urn:sequelize-guitars:problem:not-found' });
  });
});
