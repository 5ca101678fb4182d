import { expect } from 'chai';
import { DataTypes, Model, type ModelAttributes, Sequelize } from 'sequelize';
import {
  configureGuitars,
  Dated,
  DefinitionError,
  Dutar,
  Guitar,
  HasCachedProperties,
  plan,
  SoftDeletable,
  withHardDelete,
  withoutHooks,
} from '../../lib';

// biome-ignore lint/suspicious/noExplicitAny: what is wrong on purpose does not type-check
type Any = any;

describe('DefinitionError: names the thing, the reason and the remedy', () => {
  // Nothing here connects: each is thrown before anything is sent.
  const sequelize = new Sequelize('postgres://localhost:1/none', { logging: false });

  const define = (options: object, attributes: ModelAttributes = { title: DataTypes.TEXT }, mixin: Any = Guitar) => {
    const Article: Any = class extends mixin(Model) {};
    return Article.init(attributes, { sequelize, modelName: 'Article', ...options });
  };

  const CASES: Record<string, [() => unknown, string]> = {
    'a taken attribute': [
      () => define({}, { createdAt: DataTypes.DATE }),
      'Article: the attribute "createdAt" is taken by the database\'s own createdAt. Remove it, or set guitar.attributes.createdAt to another name.',
    ],
    'a model that Sequelize would lose': [
      () => define({ modelName: '__proto__' }),
      'Sequelize keeps models by their names in a plain object, and would lose one that is called __proto__. Set { modelName } to another name, and { tableName } to that of the table.',
    ],
    'a taken column': [
      () => define({}, { gone: { type: DataTypes.DATE, field: '_deleted_at' } }),
      'Article: the column "_deleted_at" of attribute "gone" is taken by the database\'s own deletedAt. Rename it, or set guitar.columns.deletedAt to another name.',
    ],
    'the deletion column': [
      () => define({}, { _deletion: DataTypes.TEXT }),
      'Article: the column "_deletion" of attribute "_deletion" is taken by the library. Rename it, or set guitar.deletionColumn.',
    ],
    'two columns of one name': [
      () => define({ guitar: { columns: { createdAt: 'at', updatedAt: 'at' } } }),
      'Article: two of guitar.columns have one name (at, at, _deleted_at, _deletion). Name them apart.',
    ],
    'two attributes of one name': [
      () => define({ guitar: { attributes: { createdAt: 'at', updatedAt: 'at' } } }),
      'Article: two of guitar.attributes have one name (at, at, deletedAt). Name them apart.',
    ],
    'an unknown option': [
      () => define({ guitar: { engin: 'rule' } }),
      'Article: there is no guitar option "engin". Use one of: attributes, columns, deletionColumn, engine, ',
    ],
    'an unknown name of a time': [
      () => define({ guitar: { columns: { created: 'c' } } }),
      'Article: there is no guitar.columns.created. Use one of: createdAt, updatedAt, deletedAt.',
    ],
    'an empty name': [
      () => define({ guitar: { columns: { createdAt: '' } } }),
      'Article: guitar.columns.createdAt is "". Give it a name.',
    ],
    'an unknown engine': [
      () => define({ guitar: { engine: 'steam' } }),
      'Article: guitar.engine is "steam". Use one of: rule, trigger.',
    ],
    'an unknown policy': [
      () => define({ guitar: { onSoftDelete: { comments: 'ignore' } } }),
      'Article: guitar.onSoftDelete.comments is "ignore". Use one of: cascade, restrict, keep.',
    ],
    'an empty deletion column': [
      () => define({ guitar: { deletionColumn: '' } }),
      'Article: guitar.deletionColumn is "". Give it a name.',
    ],
    'a flag of the wrong kind': [
      () => define({ guitar: { sync: 'no' } }),
      'Article: guitar.sync is "no". Use one of: true, false.',
    ],
    'a role of the wrong kind': [
      () => define({ guitar: { hardDeleteRole: 7 } }),
      'Article: guitar.hardDeleteRole is 7. Give it a name.',
    ],
    'null, which is not undefined': [
      () => define({ guitar: { hardDeleteRole: null } }),
      'Article: guitar.hardDeleteRole is null. Give it a name.',
    ],
    'a partition key that is no list': [
      () => define({ guitar: { partitionKey: 'region' } }),
      `Article: guitar.partitionKey is "region". Give it a list of names, as ['region'].`,
    ],
    'a group of names that is no object': [
      () => define({ guitar: { columns: 'made' } }),
      'Article: guitar.columns is "made". Give an object.',
    ],
    'uniqueAmongLive of the wrong kind': [
      () => define({ guitar: { uniqueAmongLive: 'no' } }),
      'Article: guitar.uniqueAmongLive is "no". Give true, false or an object.',
    ],
    'uniqueAmongLive, a value of the wrong kind': [
      () => define({ guitar: { uniqueAmongLive: { title: 'no' } } }),
      'Article: guitar.uniqueAmongLive.title is "no". Use one of: true, false.',
    ],
    'uniqueAmongLive, an unknown name': [
      () => {
        define({ guitar: { uniqueAmongLive: { titel: false } } }, { title: { type: DataTypes.TEXT, unique: true } });
        return plan(sequelize);
      },
      'Article: guitar.uniqueAmongLive names "titel", which is no unique attribute or index of it. Use one of: title, ',
    ],
    'options that are no object': [
      () => define({ guitar: 'trigger' }),
      'Article: the guitar options are "trigger". Give an object.',
    ],
    'a project-wide option of the wrong kind': [
      () => configureGuitars({ sync: 'no' } as Any),
      'configureGuitars: guitar.sync is "no". Use one of: true, false.',
    ],
    'a project-wide policy': [
      () => configureGuitars({ onSoftDelete: {} } as Any),
      'configureGuitars: "onSoftDelete" names associations. Set it in the init option of a model.',
    ],
    'an unknown project-wide option': [
      () => configureGuitars({ colour: 'red' } as Any),
      'configureGuitars: there is no guitar option "colour".',
    ],
    'an attribute that hides a getter': [
      () => define({}, { isDeleted: DataTypes.BOOLEAN }),
      "Article: the attribute \"isDeleted\" would hide the instance's own isDeleted. Give it another name, with { field: 'isDeleted' }",
    ],
    'an attribute that hides the other getter': [
      () => define({}, { isAlive: { type: DataTypes.BOOLEAN, field: 'alive' } }, SoftDeletable),
      "Article: the attribute \"isAlive\" would hide the instance's own isAlive. Give it another name, with { field: 'alive' }",
    ],
    'an id that is no key': [
      () => define({}, { id: DataTypes.INTEGER }),
      'Article: the attribute "id" is not marked as the key, and there is no other. Write { id: { type: …, primaryKey: true } }',
    ],
    'the option guitar where there are no times': [
      () => define({ guitar: { engine: 'trigger' } }, undefined, Dutar),
      'Article: the option guitar is for models whose times the database keeps. Remove it, or use Setar(Model) or Guitar(Model).',
    ],
    'the option guitar with cached properties alone': [
      () => define({ guitar: {} }, undefined, HasCachedProperties),
      'Article: the option guitar is for models whose times',
    ],
    'a base that is undefined': [
      () => Guitar(undefined as Any),
      'A mixin is applied to a model class, not to undefined. Write Guitar(Model), with Model of Sequelize',
    ],
    'a base that is no model': [
      () => Dated(class Thing {} as Any),
      'A mixin is applied to a model class, not to the class Thing. Write Guitar(Model), with Model of Sequelize',
    ],
    'a base that overrides destroy': [
      () => {
        class Audited extends Model {
          static override async destroy(): Promise<number> {
            return 0;
          }
          override async restore(): Promise<void> {}
        }
        class Base extends Audited {}
        return Guitar(Base);
      },
      'Audited overrides static destroy() and restore(), which the mixin would pass over. Move it into a class that extends Guitar(…)',
    ],
    'destroy before init': [
      () => class extends Guitar(Model) {}.destroy({ where: {} }),
      'has not been initialised. Call',
    ],
    'restore before init': [
      () => class Early extends Guitar(Model) {}.restore({ where: {} }),
      'Early has not been initialised. Call Early.init(…) first.',
    ],
    'hardDelete before init': [
      () => class Early extends Guitar(Model) {}.hardDelete({ where: {} }),
      'Early has not been initialised. Call Early.init(…) first.',
    ],
    'truncate before init': [
      () => class Early extends Guitar(Model) {}.truncate({ force: true }),
      'Early has not been initialised. Call Early.init(…) first.',
    ],
    'archives before init': [
      () => class Early extends Guitar(Model) {}.archives,
      'Early has not been initialised. Call Early.init(…) first.',
    ],
    'hardDelete, a where in text': [
      () => define({}).hardDelete({ where: 'id > 0' }),
      'Article.hardDelete() needs { where }',
    ],
    'an unknown hook': [
      () => withoutHooks({ hooks: ['beforeCraete'] }, async () => 0),
      'withoutHooks: there is no hook "beforeCraete". Use some of: beforeValidate, ',
    ],
    'timestamps: false': [
      () => define({ timestamps: false, paranoid: false }),
      'Article: { timestamps: false, paranoid: false } takes away what the mixin is for. Remove it, or use a lower rung',
    ],
    'createdAt: false': [
      () => define({ createdAt: false }, undefined, Dated),
      'Article: { createdAt: false } takes away',
    ],
    'deletedAt: false': [
      () => define({ deletedAt: false }, undefined, SoftDeletable),
      'Article: { deletedAt: false } takes away',
    ],
    'a taken scope': [
      () => define({ scopes: { live: {} } }),
      'Article: the scope "live" is taken by sequelize-guitars. Give yours another name.',
    ],
    'a base with associations': [
      () => {
        const Tagged = sequelize.define('Tagged', {});
        Tagged.hasMany(sequelize.define('Tag', {}));
        return Guitar(Tagged);
      },
      'Tagged has associations already, which would go on pointing at the model without the mixin. Apply the mixin where',
    ],
    'a door without a transaction': [
      () => withHardDelete(null as Any, async () => 0),
      'A door is opened for one transaction.',
    ],
    'destroy without where': [() => define({}).destroy(), 'Article.destroy() needs { where }'],
    'restore without where': [() => define({}).restore({}), 'Article.restore() needs { where }'],
    'hardDelete without where': [() => define({}).hardDelete(), 'Article.hardDelete() needs { where }'],
    'truncate without force': [
      () => define({}).destroy({ truncate: true }),
      'Article.destroy({ truncate: true }) would empty a table whose rows are kept. Say { where: {} }',
    ],
  };

  for (const [title, [work, message]] of Object.entries(CASES)) {
    it(title, async () => {
      const error = await new Promise<Any>((resolve) => resolve(work())).catch((caught) => caught);
      expect(error).to.be.instanceOf(DefinitionError).with.property('name', 'DefinitionError');
      expect(error.message).to.include(message);
    });
  }

  it('a wrong call of configureGuitars changes nothing', () => {
    expect(() => configureGuitars({ engine: 'trigger', colour: 'red' } as Any)).to.throw(DefinitionError);
    expect(define({}).options.guitar).not.to.have.property('engine');
  });

  it('names that only a lower rung has free are free there', () => {
    expect(() => define({}, { deletedAt: DataTypes.DATE, _deletion: DataTypes.TEXT }, Dated)).not.to.throw();
    expect(() => define({}, { createdAt: DataTypes.DATE }, SoftDeletable)).not.to.throw();
    expect(() =>
      define(
        { guitar: { attributes: { createdAt: 'made' }, columns: { createdAt: 'm' } } },
        { createdAt: DataTypes.DATE },
      ),
    ).not.to.throw();
  });

  it('an override above the mixin is the application’s own, and a base may have what it likes beside', () => {
    class Base extends Model {
      override async save(): Promise<this> {
        return this;
      }
    }
    class Article extends Guitar(Base) {
      override async destroy(): Promise<void> {}
    }
    expect(() => Dutar(Article)).not.to.throw();
    expect(() =>
      define({}, { isDeleted: DataTypes.BOOLEAN, key: { type: DataTypes.TEXT, primaryKey: true } }, Dated),
    ).not.to.throw();
    expect(() => define({}, { id: { type: DataTypes.INTEGER, primaryKey: true } }, Dutar)).not.to.throw();
  });

  it('another dialect', async () => {
    const other = Object.create(sequelize, { getDialect: { value: () => 'mysql' } });
    expect(() => define({ sequelize: other })).to.throw(DefinitionError, 'Article: the dialect is mysql. The rules');
  });
});
