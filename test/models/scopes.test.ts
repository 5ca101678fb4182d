import { expect } from 'chai';
import { Model, Op } from 'sequelize';
import { Guitar } from '../../lib';
import { useDatabase } from '../support/database';
import { initialised } from '../support/ladder';

class Article extends Guitar(Model) {
  declare n: number;
  static shout() {
    return this.name.toUpperCase();
  }
}

describe('the scopes live, archives, all', () => {
  const database = useDatabase();
  const numbers = async (model: { findAll(options: object): Promise<Model[]> }, where = {}) =>
    (await model.findAll({ where, order: ['n'] })).map((row) => row.get('n'));

  before(async () => {
    const scopes = { small: { where: { n: { [Op.lt]: 3 } } } };
    await initialised(Article, database.sequelize, { scopes });
    await Article.bulkCreate([1, 2, 3, 4].map((n) => ({ n })) as never[]);
    await Article.destroy({ where: { n: [2, 4] } as never });
  });

  it('by name, and by accessor', async () => {
    const expected = { live: [1, 3], archives: [2, 4], all: [1, 2, 3, 4] };
    for (const [name, rows] of Object.entries(expected)) {
      expect(await numbers(Article.scope(name)), name).to.deep.equal(rows);
      expect(await numbers(Article[name as 'live']), name).to.deep.equal(rows);
    }
  });

  it('beside a where, and with the model’s own scopes', async () => {
    expect(await numbers(Article.archives, { n: { [Op.gt]: 2 } })).to.deep.equal([4]);
    expect(await numbers(Article.scope(['small', 'archives']))).to.deep.equal([2]);
    expect(await numbers(Article.scope('small'))).to.deep.equal([1]);
    expect(await numbers(Article.unscoped())).to.deep.equal([1, 3]);
  });

  it('count, findOne, findByPk, and what was loaded', async () => {
    expect(await Article.archives.count()).to.equal(2);
    const row = await Article.archives.findOne({ where: { n: 2 } as never, rejectOnEmpty: true });
    expect([row.isDeleted, row instanceof Article]).to.deep.equal([true, true]);
    expect(await Article.findByPk(row.get('id') as number)).to.equal(null);
    expect((await Article.all.findByPk(row.get('id') as number))?.isDeleted).to.equal(true);
  });

  it('keep the class’s own statics', () => expect((Article.live as typeof Article).shout()).to.equal('ARTICLE'));

  it('Model.restore and hardDelete through a scope', async () => {
    await Article.bulkCreate([10, 11].map((n) => ({ n })) as never[]);
    await Article.destroy({ where: { n: 10 } as never });
    expect(await (Article.archives as typeof Article).restore({ where: { n: [10, 11] } as never })).to.equal(1);
    expect(await Article.hardDelete({ where: { n: [10, 11] } })).to.equal(2);
    expect(await Article.all.count()).to.equal(4);
  });

  it('Model.schema() keeps all of it', async () => {
    await database.sequelize.createSchema('tenant', {});
    const Tenant = Article.schema('tenant') as typeof Article;
    await Tenant.sync();
    const row = await Tenant.create({ n: 7 } as never);
    await row.update({ n: 8 });
    expect(row.updatedAt).to.be.instanceOf(Date);
    await row.destroy();
    expect([await Tenant.count(), await Tenant.archives.count(), await Article.all.count()]).to.deep.equal([0, 1, 4]);
    await row.restore();
    expect(await Tenant.count()).to.equal(1);
    await database.sequelize.query('DELETE FROM tenant."Articles"');
    expect([await Tenant.count(), await Tenant.archives.count()]).to.deep.equal([0, 1]);
    expect(await Tenant.hardDelete({ where: {} })).to.equal(1);
  });
});
