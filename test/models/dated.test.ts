import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { Dated, Guitar, Setar, withKeptTimestamps } from '../../lib';
import { useDatabase } from '../support/database';
import { initialised, statementsOf } from '../support/ladder';

class Article extends Setar(Model) {
  declare id: number;
  declare title: string;
  declare n: number;
}

describe('Dated', () => {
  const database = useDatabase();
  before(() => initialised(Article, database.sequelize));

  it('has the names of package and model', async () => {
    class BlogPost extends Dated(Model) {}
    BlogPost.init({}, { sequelize: database.sequelize, schema: 'blog' });
    expect([BlogPost.appLabel(), BlogPost.modelName(), BlogPost.className()]).to.deep.equal([
      'blog',
      'blogpost',
      'BlogPost',
    ]);
    expect(Article.appLabel()).to.equal(database.name);
    expect(BlogPost.schema('tenant')).to.have.property('name', 'BlogPost');
    expect((BlogPost.schema('tenant') as typeof BlogPost).appLabel()).to.equal('tenant');
    expect((BlogPost.scope() as typeof BlogPost).className()).to.equal('BlogPost');
    class Other extends Dated(Model) {}
    Other.init({}, { sequelize: database.sequelize, modelName: 'Renamed' });
    expect([Other.className(), Other.modelName()]).to.deep.equal(['Renamed', 'renamed']);
  });

  it('sends as many statements as Sequelize’s own', async () => {
    for (const mixin of [Dated, Setar, Guitar]) {
      class Counted extends (mixin as typeof Dated)(Model) {}
      await initialised(Counted, database.sequelize, { tableName: `counted_${mixin.name}` });
      const created = await statementsOf((logging) => Counted.create({ title: 'x', n: 1 } as never, { logging }));
      const row = (await Counted.findOne()) as Counted;
      const saved = await statementsOf((logging) => row.set({ n: 2 } as never).save({ logging }));
      const unchanged = await statementsOf((logging) => row.save({ logging }));
      const updated = await statementsOf((logging) => row.update({ n: 3 } as never, { logging }));
      const bulk = await statementsOf((logging) => Counted.update({ n: 4 } as never, { where: {}, logging }));
      const many = await statementsOf((logging) => Counted.bulkCreate([{}, {}] as never[], { logging }));
      const counts = [created, saved, unchanged, updated, bulk, many].map((sent) => sent.length);
      expect(counts, mixin.name).to.deep.equal([1, 1, 0, 1, 1, 1]);
    }
  });

  it('the instance cannot be given other times', async () => {
    const row = await Article.create({ title: 'guarded', n: 1 } as never);
    const { createdAt, updatedAt } = row;
    row.set({ createdAt: new Date(0), updatedAt: new Date(0) } as never);
    (row as { createdAt: Date }).createdAt = new Date(0);
    await row.update({ updatedAt: new Date(0), createdAt: new Date(0) });
    expect([row.createdAt, row.updatedAt, row.changed()]).to.deep.equal([createdAt, updatedAt, false]);
  });

  it('what goes round the guard, the database corrects, and the instance shows it', async () => {
    const row = await Article.create({ title: 'corrected', n: 1 } as never);
    const { createdAt } = row;
    row.setDataValue('createdAt' as never, new Date(0) as never);
    row.setDataValue('updatedAt' as never, new Date(0) as never);
    await row.save();
    expect(row.createdAt).to.deep.equal(createdAt);
    expect(row.updatedAt.getTime()).to.be.at.least(createdAt.getTime());
    await Article.update({ updatedAt: new Date(0), n: 2 } as never, { where: { id: row.id } as never });
    expect((await row.reload()).updatedAt.getTime()).to.be.above(0);
  });

  it('an import through the door carries its own times, through Model.update as well', async () => {
    const { id } = await Article.create({ title: 'imported', n: 1 } as never);
    await database.sequelize.transaction((transaction) =>
      withKeptTimestamps(transaction, () =>
        Article.update({ updatedAt: new Date(5), n: 2 } as never, { where: { id } as never, transaction }),
      ),
    );
    expect((await Article.findByPk(id))?.updatedAt).to.deep.equal(new Date(5));
  });

  it('the columns are NOT NULL with the database’s default', async () => {
    const columns = await database.sequelize.getQueryInterface().describeTable(Article.tableName, 'app');
    for (const name of ['_created_at', '_updated_at']) {
      expect(columns[name]).to.include({ type: 'TIMESTAMP WITH TIME ZONE', allowNull: false, defaultValue: 'now()' });
    }
  });

  it('a model that another one’s attributes were copied from keeps its own', () => {
    const shared = { title: DataTypes.TEXT };
    class One extends Dated(Model) {}
    class Two extends Guitar(Model) {}
    One.init(shared, { sequelize: database.sequelize });
    Two.init(shared, { sequelize: database.sequelize });
    expect(shared).to.have.all.keys('title');
    expect(Object.keys(Two.getAttributes())).to.deep.equal(['id', 'title', 'createdAt', 'updatedAt', 'deletedAt']);
    class Again extends Guitar(Model) {}
    Again.init(One.getAttributes() as never, { sequelize: database.sequelize });
    expect(Object.keys(Again.getAttributes())).to.have.members(['id', 'title', 'createdAt', 'updatedAt', 'deletedAt']);
  });
});
