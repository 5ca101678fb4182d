import { expect } from 'chai';
import { DataTypes, Model, type ModelAttributes, Sequelize } from 'sequelize';
import { configureGuitars, Guitar, plan, Setar } from '../../lib';
import { optionsOf } from '../../lib/models/capabilities';
import { useDatabase } from '../support/database';

// biome-ignore lint/suspicious/noExplicitAny: renamed attributes, which are not in the type
type Any = any;
const attributes = (): ModelAttributes => ({ title: { type: DataTypes.TEXT, unique: true } });
const COLUMNS = { createdAt: 'created', updatedAt: 'changed on', deletedAt: 'Gone' };
const NATIVE = { createdAt: 'made', updatedAt: 'altered', deletedAt: 'removed' };

describe('the names of the three times', () => {
  const database = useDatabase();
  let made = 0;

  afterEach(() => configureGuitars({}));

  /** Defines, makes and uses a model; answers its times, attribute → column. */
  async function times(options: object, mixin: (base: Any) => Any = Guitar, sequelize = database.sequelize) {
    const Article: Any = class extends mixin(Model) {};
    Article.init(attributes(), { sequelize, modelName: `Article${++made}`, ...options });
    return exercise(Article);
  }

  async function exercise(Article: Any) {
    await Article.sync();
    const { attributes: names } = optionsOf(Article) as Any;
    const row = await Article.create({ title: 'x' });
    await row.update({ title: 'y' });
    expect([row[names.createdAt], row[names.updatedAt]].every((time) => time instanceof Date)).to.equal(true);
    if (Article.archives) {
      await row.destroy();
      expect([row.isDeleted, row[names.deletedAt] instanceof Date]).to.deep.equal([true, true]);
      await Article.create({ title: 'y' });
      expect([await Article.count(), await Article.archives.count(), await Article.all.count()]).to.deep.equal([
        1, 1, 2,
      ]);
    }
    const own = Object.entries(Article.getAttributes()).filter(([name]) => name !== 'title' && name !== 'id');
    return Object.fromEntries(own.map(([name, definition]) => [name, (definition as Any).field]));
  }

  const FACTORY = { createdAt: '_created_at', updatedAt: '_updated_at', deletedAt: '_deleted_at' };
  const RENAMED = { made: '_created_at', altered: '_updated_at', removed: '_deleted_at' };

  it('by default', async () => expect(await times({})).to.deep.equal(FACTORY));

  it('columns by the guitar option', async () => {
    expect(await times({ guitar: { columns: COLUMNS, deletionColumn: 'which' } })).to.deep.equal(COLUMNS);
  });

  it('attributes by the guitar option', async () => {
    expect(await times({ guitar: { attributes: NATIVE } })).to.deep.equal(RENAMED);
  });

  it('attributes by Sequelize’s own options', async () => {
    expect(await times(NATIVE)).to.deep.equal(RENAMED);
    expect(await times({ createdAt: 'made', updatedAt: true }, Setar)).to.deep.equal({
      made: '_created_at',
      updatedAt: '_updated_at',
    });
  });

  it('project-wide, and a model’s own on top', async () => {
    configureGuitars({ columns: { createdAt: 'c' }, attributes: { updatedAt: 'u' } });
    expect(await times({ guitar: { columns: { updatedAt: 'd' } } })).to.deep.equal({
      createdAt: 'c',
      u: 'd',
      deletedAt: '_deleted_at',
    });
  });

  it('are kept through sequelize.define, with its own names', async () => {
    const defined = database.sequelize.define('Defined', attributes(), { ...NATIVE, paranoid: true });
    expect(await exercise(Guitar(defined))).to.deep.equal(RENAMED);
    const lower = Setar(database.sequelize.define('Raised', attributes(), { createdAt: 'made' }));
    expect(await exercise(Guitar(lower))).to.deep.equal({
      made: '_created_at',
      updatedAt: '_updated_at',
      deletedAt: '_deleted_at',
    });
  });

  for (const define of [
    { underscored: true },
    { timestamps: false },
    { paranoid: true },
    { paranoid: false, timestamps: false },
    { createdAt: false as const, updatedAt: false as const },
    { freezeTableName: true, underscored: true, version: true },
    { defaultScope: { attributes: { exclude: ['nothing'] } } },
  ]) {
    it(`do not suffer from the global option define: ${JSON.stringify(define)}`, async () => {
      const sequelize = database.connect({ define });
      const { version: _version, ...columns } = await times({}, Guitar, sequelize);
      expect(columns).to.deep.equal(FACTORY);
    });
  }

  it('are renamed for all by the global option define', async () => {
    expect(await times({}, Guitar, database.connect({ define: NATIVE as object }))).to.deep.equal(RENAMED);
  });

  it('in a schema of the model, or of the connection', async () => {
    await database.sequelize.createSchema('elsewhere', {});
    expect(await times({ schema: 'elsewhere' })).to.deep.equal(FACTORY);
    const sequelize = new Sequelize(database.url, { logging: false, schema: 'elsewhere' });
    expect(await times({}, Guitar, sequelize)).to.deep.equal(FACTORY);
    await sequelize.close();
  });

  it('the caller’s definitions are left as they were, so models can share them', () => {
    const shared = attributes();
    const indexes = [{ name: 'shared', unique: true, fields: ['title'] }];
    const options = () => ({ sequelize: database.sequelize, indexes, timestamps: true, modelName: `Shared${++made}` });
    class One extends Guitar(Model) {}
    One.init(shared, options());
    expect(shared.title).to.have.property('unique', true);
    expect(indexes).to.deep.equal([{ name: 'shared', unique: true, fields: ['title'] }]);
  });
});

describe('configureGuitars', () => {
  const database = useDatabase();
  afterEach(() => configureGuitars({}));

  it('an undefined option says nothing, project-wide and in a model', () => {
    const nothing = { engine: undefined, sync: undefined, partitionKey: undefined, uniqueAmongLive: undefined };
    const resolved = (guitar: object) => {
      class Article extends Guitar(Model) {}
      Article.init({ title: DataTypes.TEXT }, { sequelize: database.sequelize, guitar });
      return optionsOf(Article);
    };
    const factory = resolved({});
    expect(factory).to.include({ engine: 'rule', sync: true, uniqueAmongLive: true });
    expect(resolved({ ...nothing, columns: undefined, attributes: { createdAt: undefined } })).to.deep.equal(factory);
    configureGuitars({ ...nothing, deletionColumn: undefined, columns: { createdAt: undefined, updatedAt: 'u' } });
    expect(resolved({ columns: { updatedAt: undefined } })?.columns).to.deep.equal({
      ...factory?.columns,
      updatedAt: 'u',
    });
    configureGuitars({ engine: 'trigger' });
    expect(resolved(nothing)).to.include({ engine: 'trigger' });
    configureGuitars({ onSoftDelete: undefined } as Any);
  });

  it('names of uniqueAmongLive may be those of some models only', () => {
    configureGuitars({ uniqueAmongLive: { title: false } });
    class Article extends Guitar(Model) {}
    Article.init({ body: DataTypes.TEXT }, { sequelize: database.sequelize });
    expect(() => plan(database.sequelize)).not.to.throw();
  });

  it('sets the engine of models initialised afterwards, and a model may differ', () => {
    configureGuitars({ engine: 'trigger' });
    const engines = [{}, { guitar: { engine: 'rule' } }].map((options) => {
      class Article extends Guitar(Model) {}
      Article.init({}, { sequelize: database.sequelize, ...(options as object) });
      return plan(database.sequelize).objects.some((object) => object.kind === 'rule');
    });
    expect(engines).to.deep.equal([false, true]);
  });
});
