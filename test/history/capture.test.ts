import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { ATTRIBUTES, useHistory } from './world';

describe('history: what is captured', () => {
  const { article, entries, query } = useHistory();
  const operations = async (table: string) =>
    (await entries(table)).map(({ _operation, _version }) => `${_operation} ${_version}`);

  it('every change of every writer, each with its version', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    expect(one._version).to.equal(1);
    await one.update({ title: 'b' });
    expect(one._version).to.equal(2);
    await query(`UPDATE ${Article.table} SET title = 'c', _version = 77`);
    await query(`DELETE FROM ${Article.table}`);
    await one.reload();
    expect(one._version).to.equal(4);
    await one.restore();
    expect(one._version).to.equal(5);
    await one.destroy();
    expect(one._version).to.equal(6);
    await one.hardDelete();
    expect(await operations(Article.table)).to.deep.equal([
      'insert 1',
      'update 2',
      'update 3',
      'archive 4',
      'restore 5',
      'archive 6',
      'delete 6',
    ]);
    const [, , third] = await entries(Article.table);
    expect(third).to.include({ title: 'c', id: one.id });
  });

  it('bulk calls, upserts, changed keys and TRUNCATE', async () => {
    const Article = await article({}, { base: Model });
    await Article.bulkCreate([{ title: 'a' }, { title: 'b' }]);
    await Article.update({ title: 'x' }, { where: {} });
    await query(`INSERT INTO ${Article.table} (id, title, "createdAt", "updatedAt") VALUES (1, 'n', now(), now()), (9, 'n', now(), now())
      ON CONFLICT (id) DO UPDATE SET title = 'u'`);
    await query(`UPDATE ${Article.table} SET id = 10 WHERE id = 9`);
    await query(`TRUNCATE ${Article.table}`);
    const seen = (await entries(Article.table)).map((each) => [each._operation, each.id, each._version, each.title]);
    expect(seen.slice(0, 4)).to.deep.equal([
      ['insert', 1, 1, 'a'],
      ['insert', 2, 1, 'b'],
      ['update', 1, 2, 'x'],
      ['update', 2, 2, 'x'],
    ]);
    expect(seen.slice(4, 6)).to.have.deep.members([
      ['insert', 9, 1, 'n'],
      ['update', 1, 3, 'u'],
    ]);
    expect(seen.slice(6, 8)).to.deep.equal([
      ['delete', 9, 1, 'n'],
      ['update', 10, 2, 'n'],
    ]);
    expect(seen.slice(8).map(([operation]) => operation)).to.deep.equal(['delete', 'delete', 'delete']);
  });

  it('rows that one statement changes twice', async () => {
    await query('CREATE TABLE pa (id int PRIMARY KEY)');
    for (const options of [{}, { filter: ['secret'] }]) {
      const Article = await article(options, {
        attributes: { ...ATTRIBUTES(), a: DataTypes.INTEGER, b: DataTypes.INTEGER },
      });
      const { table } = Article;
      await query(
        `ALTER TABLE ${table} ADD FOREIGN KEY (a) REFERENCES pa ON DELETE SET NULL, ADD FOREIGN KEY (b) REFERENCES pa ON DELETE SET NULL`,
      );
      await query(`INSERT INTO pa VALUES (1)`);
      await query(`INSERT INTO ${table} (title, a, b, "the secret") VALUES ('x', 1, 1, 's'), ('y', 1, 1, 't')`);
      await query(`DELETE FROM ${table} WHERE title = 'y'`);
      await query(`DELETE FROM pa`);
      const of = async (id: number) =>
        (await entries(table))
          .filter((each) => each.id === id)
          .map(({ _operation, _version, a, b }) => [_operation, _version, a, b]);
      expect(await of(1)).to.deep.equal([
        ['insert', 1, 1, 1],
        ['update', 2, null, 1],
        ['update', 3, null, null],
      ]);
      expect((await of(2)).map(([operation, version]) => `${operation} ${version}`)).to.deep.equal([
        'insert 1',
        'archive 2',
        'update 3',
        'update 4',
      ]);
      const markers = new Set((await entries(table)).slice(2).map((each) => each['the secret']));
      expect([...markers]).to.deep.equal('filter' in options ? ['[filtered]'] : ['t', 's']);
    }
  });

  it('columns that bear names of ours', async () => {
    const Article = await article(
      {},
      {
        attributes: {
          ...ATTRIBUTES(),
          guitars_revision: DataTypes.TEXT,
          floor: DataTypes.TEXT,
          deepest: DataTypes.TEXT,
          tg_relid: DataTypes.TEXT,
        },
      },
    );
    await query(`INSERT INTO ${Article.table} (title, guitars_revision, floor) VALUES ('x', 'r', 'f')`);
    await query(
      `UPDATE ${Article.table} SET deepest = 'd'; DELETE FROM ${Article.table}; UPDATE ${Article.table} SET id = 7`,
    );
    await query(`SET guitars.hard_delete = on; DELETE FROM ${Article.table}; RESET guitars.hard_delete`);
    expect((await entries(Article.table)).at(-1)).to.include({
      guitars_revision: 'r',
      floor: 'f',
      deepest: 'd',
      _operation: 'delete',
      id: 7,
    });
  });
});
