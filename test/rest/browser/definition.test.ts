import { expect } from 'chai';
import { DataTypes, Model, Sequelize } from 'sequelize';
import { DefinitionError, Guitar } from '../../../lib';
import { archiveBrowser, type BrowserOptions } from '../../../lib/rest';

describe('the archive browser: its options', () => {
  const sequelize = new Sequelize('postgres://nobody@localhost/none', { logging: false });
  class Article extends Guitar(Model) {}
  class Plain extends Model {}
  class Unready extends Guitar(Model) {}
  const attributes = { title: DataTypes.TEXT, n: DataTypes.INTEGER, secret: DataTypes.TEXT };
  Article.init({ ...attributes }, { sequelize, defaultScope: { attributes: { exclude: ['secret'] } } });
  Plain.init({ ...attributes }, { sequelize });
  const authorize = () => true;
  const models = [Article];

  const cases: [string, unknown, RegExp][] = [
    ['no options', undefined, /there are no options\. Write archiveBrowser\(\{/],
    [
      'no authorize',
      { models },
      /"authorize" is missing, without which anybody could restore and purge\. Pass a function/,
    ],
    ['an authorize that is none', { models, authorize: true }, /"authorize" is missing/],
    ['no models', { authorize }, /"models" is a list of models, one at least/],
    ['an empty list', { models: [], authorize }, /"models" is a list of models/],
    ['a misspelt option', { models, authorize, authorise: 1 }, /has no option "authorise"\. Use of: models, authorize/],
    [
      'a misspelt option of a model',
      { models: [{ model: Article, field: [] }], authorize },
      /has no option "field"\. Use of: model, fields/,
    ],
    ['a model without soft deletion', { models: [Plain], authorize }, /Plain is none\. Extend Guitar\(Model\)/],
    ['a model that is not initialised', { models: [Unready], authorize }, /Unready has not been initialised/],
    ['no model at all', { models: [null], authorize }, /a model in "models" is null/],
    ['a model twice', { models: [Article, { model: Article }], authorize }, /"Article" is in "models" more than once/],
    [
      'an unknown field',
      { models: [{ model: Article, fields: ['nope'] }], authorize },
      /"nope" of the option "fields" is no attribute/,
    ],
    [
      'fields that are no list',
      { models: [{ model: Article, fields: 'title' }], authorize },
      /"fields" of Article is a list/,
    ],
    [
      'a search in what is not text',
      { models: [{ model: Article, search: ['n'] }], authorize },
      /"n" of the option "search" is no attribute of text that is shown\. Use of: title/,
    ],
    [
      'a search in what is not shown',
      { models: [{ model: Article, search: ['secret'] }], authorize },
      /"secret" of the option "search"/,
    ],
    [
      'a title that is not shown',
      { models: [{ model: Article, title: 'secret' }], authorize },
      /"secret" of the option "title" is no attribute that is shown/,
    ],
    ['an empty label', { models: [{ model: Article, label: ' ' }], authorize }, /"label" of "Article" is a text/],
    [
      'a page too large',
      { models, authorize, pageSize: 101 },
      /"pageSize" is 101\. Give it a whole number from 1 to 100/,
    ],
    ['a bulk limit of nothing', { models, authorize, bulkLimit: 0 }, /"bulkLimit" is 0/],
    ['a revision that is no function', { models, authorize, revision: {} }, /"revision" is a function/],
  ];
  for (const [title, options, message] of cases) {
    it(`${title} is a DefinitionError`, () => {
      expect(() => archiveBrowser(options as BrowserOptions)).to.throw(DefinitionError, message);
    });
  }
});
