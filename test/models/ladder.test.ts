import { expect } from 'chai';
import { DataTypes, Model, type ModelStatic, type Sequelize } from 'sequelize';
import { Dated, Dutar, Guitar, HasCachedProperties, Setar, SoftDeletable, Tracked, Updatable } from '../../lib';
import { can } from '../../lib/models/capabilities';
import { useDatabase } from '../support/database';

// biome-ignore lint/suspicious/noExplicitAny: every combination of mixins and bases, the types of which test/types checks
type Any = any;
type Mixin = (base: Any) => Any;

/** What a class can do, by what it shows. */
function abilities(model: Any): string {
  const { prototype } = model;
  return [
    // Tracked has an `update` of its own, too; `use` looks at what it does.
    can(model, 'updatable') && 'updatable',
    'expireCachedProperties' in prototype && 'cached',
    'className' in model && 'dated',
    'isDeleted' in prototype && 'soft',
  ]
    .filter(Boolean)
    .join(' ');
}

const MIXINS: [string, Mixin, string][] = [
  ['Updatable', Updatable, 'updatable'],
  ['HasCachedProperties', HasCachedProperties, 'cached'],
  ['Dutar', Dutar, 'updatable cached'],
  ['Dated', Dated, 'dated'],
  ['Setar', Setar, 'updatable cached dated'],
  ['SoftDeletable', SoftDeletable, 'soft'],
  ['Guitar', Guitar, 'updatable cached dated soft'],
  ['Setar(Guitar)', (base) => Setar(Guitar(base)), 'updatable cached dated soft'],
  ['Guitar(Setar)', (base) => Guitar(Setar(base)), 'updatable cached dated soft'],
  ['Guitar(Guitar)', (base) => Guitar(Guitar(base)), 'updatable cached dated soft'],
  ['Tracked', Tracked, ''],
  ['Tracked(Guitar)', (base) => Tracked(Guitar(base)), 'updatable cached dated soft'],
  ['Guitar(Tracked)', (base) => Guitar(Tracked(base)), 'updatable cached dated soft'],
  ['Dated(SoftDeletable)', (base) => Dated(SoftDeletable(base)), 'dated soft'],
  ['SoftDeletable(Dated)', (base) => SoftDeletable(Dated(base)), 'dated soft'],
  [
    'Updatable(Dated(SoftDeletable(Updatable)))',
    (base) => Updatable(Dated(SoftDeletable(Updatable(base)))),
    'updatable dated soft',
  ],
];

/** An application's own base class. */
class Base extends Model {
  static table() {
    return `<${this.tableName}>`;
  }

  shout() {
    return String(this.get('title')).toUpperCase();
  }
}

const attributes = () => ({ title: DataTypes.TEXT });

const BASES: [string, (mixin: Mixin, sequelize: Sequelize) => Any][] = [
  [
    'Model',
    (mixin, sequelize) => class Article extends mixin(Model) {}.init(attributes(), { sequelize, modelName: 'Article' }),
  ],
  [
    'an own base class',
    (mixin, sequelize) => class Article extends mixin(Base) {}.init(attributes(), { sequelize, modelName: 'Article' }),
  ],
  [
    'a class between',
    (mixin, sequelize) => {
      class Between extends mixin(Base) {}
      return (class Article extends Between {} as Any).init(attributes(), { sequelize, modelName: 'Article' });
    },
  ],
  ['sequelize.define', (mixin, sequelize) => mixin(sequelize.define('Article', attributes()))],
];

for (const [base, make] of BASES) {
  describe(`every mixin over ${base}`, () => {
    const database = useDatabase();

    for (const [name, mixin, expected] of MIXINS) {
      it(name, async () => {
        const sequelize = database.connect({ pool: { max: 1 } });
        const Article = make(mixin, sequelize);
        expect(abilities(Article)).to.equal(expected);
        expect(Article.name).to.equal('Article');
        expect(sequelize.models.Article).to.equal(Article);
        await sequelize.sync({ force: true });
        await use(Article, expected);
        if (base.includes('own')) {
          expect(Article.table()).to.equal('<Articles>');
          expect(Article.build({ title: 'x' }).shout()).to.equal('X');
        }
      });
    }
  });
}

async function use(Article: Any, abilities: string) {
  const row = await Article.create({ title: 'one' });
  expect(row).to.be.instanceOf(Article);
  await row.update({ title: 'two' });
  const found = await Article.findOne();
  expect(found.title).to.equal('two');
  expect(found.toJSON()).to.deep.equal({ ...row.toJSON(), ...(abilities.includes('soft') ? { deletedAt: null } : {}) });
  if (abilities.includes('updatable'))
    expect(await row.update({ no: 1 }).catch(String)).to.include('no attribute "no"');
  if (abilities.includes('dated')) expect(row.updatedAt.getTime()).to.be.at.least(row.createdAt.getTime());
  await row.destroy();
  expect(await Article.count()).to.equal(0);
  if (abilities.includes('soft')) {
    expect([row.isDeleted, await Article.archives.count()]).to.deep.equal([true, 1]);
    await row.restore();
    expect([row.isAlive, await Article.count()]).to.deep.equal([true, 1]);
    await row.hardDelete();
  }
  expect(await (Article as ModelStatic<Model>).count({ paranoid: false })).to.equal(0);
}
