import { expect } from 'chai';
import { DataTypes, type InferAttributes, type InferCreationAttributes, Model, UniqueConstraintError } from 'sequelize';
import { Guitar } from '../../lib';
import { useDatabase } from '../support/database';
import { eachEngine, held, live, refusal, sqlstate, wipe } from './world';

eachEngine('U1 unique means unique among live rows', (engine) => {
  const db = useDatabase();
  class Page extends Guitar(Model)<InferAttributes<Page>, InferCreationAttributes<Page>> {
    declare slug: string;
    declare site: number | null;
    declare path: string | null;
    declare serial: string | null;
    declare title: string | null;
  }
  before(async () => {
    Page.init(
      {
        slug: { type: DataTypes.TEXT, unique: true },
        site: { type: DataTypes.INTEGER, unique: 'place' },
        path: { type: DataTypes.TEXT, unique: 'place' },
        serial: { type: DataTypes.TEXT, unique: true },
        title: DataTypes.TEXT,
      },
      {
        sequelize: db.sequelize,
        modelName: 'page',
        tableName: 'page',
        indexes: [{ unique: true, fields: ['title'], name: 'page_title' }],
        guitar: { engine, uniqueAmongLive: { serial: false } },
      },
    );
    await db.sequelize.sync();
  });
  afterEach(() => wipe(db.sequelize));

  it('U1 an archived row frees its value, an attribute’s, a group’s and an index’s', async () => {
    for (const values of [{ slug: 'a' }, { slug: 'b', site: 1, path: '/' }, { slug: 'c', title: 't' }]) {
      const page = await Page.create(values as never);
      expect(await refusal(Page.create(values as never))).to.be.instanceOf(UniqueConstraintError);
      await page.destroy();
      await Page.create(values as never);
    }
  });

  it('U1 restoring into a taken value: UniqueConstraintError, and the row stays archived', async () => {
    const page = await Page.create({ slug: 'a' } as never);
    await page.destroy();
    await Page.create({ slug: 'a' } as never);
    expect(await refusal(page.restore())).to.be.instanceOf(UniqueConstraintError);
    expect(await sqlstate(Page.restore({ where: {} }))).to.equal('23505');
    expect([await live(db.sequelize, 'page'), await held(db.sequelize, 'page')]).to.deep.equal([1, 2]);
  });

  it('U1 opt-out: unique among all rows', async () => {
    await (await Page.create({ slug: 'a', serial: 's' } as never)).destroy();
    expect(await refusal(Page.create({ slug: 'b', serial: 's' } as never))).to.be.instanceOf(UniqueConstraintError);
  });

  it('U1 upsert meets the live row and leaves the archived one alone', async () => {
    await (await Page.create({ slug: 'a', title: 'old' } as never)).destroy();
    await Page.upsert({ slug: 'a', title: 'one' } as never);
    await Page.upsert({ slug: 'a', title: 'two' } as never);
    const pages = await Page.findAll({ paranoid: false, order: ['id'] });
    expect(pages.map(({ title }) => title)).to.deep.equal(['old', 'two']);
  });

  it('U1 bulkCreate with updateOnDuplicate, and findOrCreate', async () => {
    await (await Page.create({ slug: 'a', title: 'old' } as never)).destroy();
    for (const title of ['one', 'two'])
      await Page.bulkCreate([{ slug: 'a', title }] as never, { updateOnDuplicate: ['title'] });
    expect(await Page.findAll({ attributes: ['title'], raw: true })).to.deep.equal([{ title: 'two' }]);
    const [, created] = await Page.findOrCreate({ where: { slug: 'a' } });
    expect(created).to.equal(false);
    await Page.destroy({ where: { slug: 'a' } });
    const [, again] = await Page.findOrCreate({ where: { slug: 'a' } });
    expect(again).to.equal(true);
  });
});
