import { expect } from 'chai';
import { Model } from 'sequelize';
import { Dated, Guitar } from '../../lib';
import { useDatabase } from '../support/database';
import { initialised, leaks } from '../support/ladder';

for (const mixin of [Dated, Guitar]) {
  class Article extends (mixin as typeof Dated)(Model) {
    declare id: number;
    declare title: string;
    declare n: number;
  }

  describe(`${mixin.name}: times are fresh, and are dates`, () => {
    const database = useDatabase();
    let count = 0;
    const title = () => `title ${++count}`;
    const stored = async (id: number) => (await Article.findByPk(id, { raw: true })) as unknown as Article;
    /** A row whose times lie in the past. */
    const old = async () => {
      const row = await Article.create({
        title: title(),
        n: 1,
        createdAt: new Date(0),
        updatedAt: new Date(0),
      } as never);
      expect([row.createdAt, row.updatedAt]).to.deep.equal([new Date(0), new Date(0)]);
      return row;
    };
    const checked = async (row: Article, unchanged = true) => {
      const { createdAt, updatedAt } = await stored(row.id);
      expect(leaks(row)).to.deep.equal([]);
      expect([row.createdAt, row.updatedAt]).to.deep.equal([createdAt, updatedAt]);
      expect(Date.now() - row.updatedAt.getTime()).to.be.below(60_000);
      expect(row.toJSON()).to.deep.include({ createdAt, updatedAt });
      if (!unchanged) return;
      expect(row.changed()).to.equal(false);
      expect(row.previous('updatedAt' as never)).to.deep.equal(updatedAt);
    };

    before(() => initialised(Article, database.sequelize));

    it('build', () => {
      const row = Article.build({ title: 'x' } as never);
      expect(leaks(row)).to.deep.equal([]);
      expect(row.toJSON()).not.to.have.any.keys('createdAt', 'updatedAt');
    });

    it('create', async () => checked(await Article.create({ title: title() } as never)));

    it('save of a row built', async () => checked(await Article.build({ title: title() } as never).save()));

    it('bulkCreate, times on some rows only', async () => {
      const rows = await Article.bulkCreate([
        { title: title() },
        { title: title(), createdAt: new Date(0) },
      ] as never[]);
      for (const row of rows) await checked(row);
      expect(rows[1]?.createdAt).to.deep.equal(new Date(0));
      expect(rows[0]?.createdAt.getTime()).to.be.above(0);
    });

    it('upsert, inserting and updating', async () => {
      // Like Sequelize's own, the instance of an upsert counts what it was given as changed.
      const [made] = await Article.upsert({ title: 'upserted' } as never);
      await checked(made, false);
      const { id } = await old();
      const [row] = await Article.upsert({ id, n: 2 } as never);
      await checked(row, false);
      expect([row.n, row.createdAt]).to.deep.equal([2, new Date(0)]);
    });

    it('save, with or without options of RETURNING', async () => {
      for (const options of [undefined, {}, { returning: undefined }, { returning: true }, { silent: true }]) {
        const row = await old();
        row.n = 2;
        await row.save(options);
        await checked(row);
      }
    });

    it('save of a row loaded with some attributes', async () => {
      const { id } = await old();
      const row = (await Article.findByPk(id, { attributes: ['id', 'n'] })) as Article;
      await row.update({ n: 2 });
      expect(row.updatedAt).to.deep.equal((await stored(id)).updatedAt);
    });

    it('two saves', async () => {
      const row = await old();
      await row.update({ n: 2 });
      const first = row.updatedAt;
      await row.update({ n: 3 });
      await checked(row);
      expect(row.updatedAt.getTime()).to.be.at.least(first.getTime());
    });

    it('Model.update, with returning, with individualHooks', async () => {
      const { id } = await old();
      await Article.update({ n: 2 } as never, { where: { id } as never });
      expect((await stored(id)).updatedAt.getTime()).to.be.above(0);
      for (const options of [{ returning: true }, { individualHooks: true, returning: true }] as const) {
        const row = await old();
        const [affected, rows] = await Article.update({ n: 2 } as never, {
          where: { id: row.id } as never,
          ...options,
        });
        expect(affected).to.equal(1);
        await checked(rows[0] as Article);
      }
    });

    it('Model.update with fields, with nothing to write, and with silent', async () => {
      const row = await old();
      await Article.update({ n: 2, title: 'not named' } as never, {
        where: { id: row.id } as never,
        fields: ['n'] as never,
      });
      expect(await stored(row.id)).to.include({ n: 2, title: row.title });
      const other = await old();
      expect(await Article.update({}, { where: { id: other.id } as never })).to.deep.equal([0]);
      expect((await stored(other.id)).updatedAt).to.deep.equal(new Date(0));
      await Article.update({ n: 3 } as never, { where: { id: other.id } as never, silent: true });
      expect((await stored(other.id)).updatedAt.getTime()).to.be.above(0);
    });

    it('increment and decrement, of the instance and of the model', async () => {
      const row = await old();
      await row.increment('n' as never);
      await checked(await row.reload());
      await row.decrement({ n: 1 } as never);
      await checked(await row.reload());
      const { id } = await old();
      await Article.increment('n' as never, { where: { id } as never });
      expect((await stored(id)).updatedAt.getTime()).to.be.above(0);
    });

    it('findOrCreate, found and created', async () => {
      const found = await old();
      await found.update({ n: 2 });
      for (const where of [{ title: found.title }, { title: title() }]) {
        const [row] = await Article.findOrCreate({ where: where as never });
        await checked(row);
      }
    });
  });
}
