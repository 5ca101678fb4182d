import { expect } from 'chai';
import { DataTypes, Model, type ModelAttributes, Sequelize } from 'sequelize';
import { configureGuitars, Dated, DefinitionError, Guitar, SoftDeletable, withHardDelete } from '../../lib';

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
    'a project-wide policy': [
      () => configureGuitars({ onSoftDelete: {} } as Any),
      'configureGuitars: "onSoftDelete" names associations. Set it in the init option of a model.',
    ],
    'an unknown project-wide option': [
      () => configureGuitars({ colour: 'red' } as Any),
      'configureGuitars: there is no guitar option "colour".',
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

  it('another dialect', async () => {
    const other = Object.create(sequelize, { getDialect: { value: () => 'mysql' } });
    expect(() => define({ sequelize: other })).to.throw(DefinitionError, 'Article: the dialect is mysql. The rules');
  });
});
