import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Model, ModelStatic, Sequelize } from 'sequelize';
import ts from 'typescript';
import * as guitars from '../../lib';
import { useDatabase } from '../support/database';

interface Article extends Model {
  body: string;
  computed: number;
  readonly wordCount: number;
  readonly plainWordCount: number;
  readonly tags: string[];
  expireCachedProperties(...names: string[]): this;
}
type Models = Record<'Article' | 'Review', ModelStatic<Article>>;

const source = fs.readFileSync(path.join(__dirname, 'fixtures', 'decorated.ts.txt'), 'utf8');

/** The fixture as TypeScript compiles it with either kind of decorators. */
function load(experimentalDecorators: boolean, useDefineForClassFields: boolean) {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      experimentalDecorators,
      useDefineForClassFields,
    },
  });
  const module = { exports: {} as { define(sequelize: Sequelize): Models } };
  const find = (name: string) => (name === 'sequelize-guitars' ? guitars : require(name));
  new Function('module', 'exports', 'require', outputText)(module, module.exports, find);
  return module.exports;
}

for (const experimental of [true, false]) {
  for (const define of [true, false]) {
    describe(`@cached, ${experimental ? 'experimental' : 'standard'} decorators, ${define ? 'defined' : 'assigned'} fields`, () => {
      const database = useDatabase();
      let models: Models;

      before(async () => {
        models = load(experimental, define).define(database.sequelize);
        await database.sequelize.sync();
      });

      it('computes once an instance, and does not leak', async () => {
        const article = await models.Article.create({ body: 'a b c' });
        expect([article.wordCount, article.wordCount, article.computed]).to.deep.equal([3, 3, 1]);
        expect(article.changed()).to.equal(false);
        expect(Object.keys(article.toJSON())).to.have.members(['id', 'body']);
      });

      it('expires by name and by reload(), with inherited properties and super’s', async () => {
        const review = await models.Review.create({ body: 'a b' });
        const { tags } = review;
        expect([review.wordCount, review.plainWordCount, review.wordCount]).to.deep.equal([200, 2, 200]);
        review.body = 'a b c';
        expect(review.expireCachedProperties('wordCount').wordCount).to.equal(300);
        expect(review.tags).to.equal(tags);
        await review.reload();
        expect(review.wordCount).to.equal(200);
        expect(review.tags).not.to.equal(tags);
      });

      it('knows the names, before any was read too', () => {
        const unknown = () => models.Review.build().expireCachedProperties('x');
        expect(unknown).to.throw(guitars.DefinitionError, /Review has no cached property x\. Use one of: .*tags/);
        expect(() => models.Review.build().expireCachedProperties('tags', 'wordCount')).not.to.throw();
      });
    });
  }
}

describe('@cached', () => {
  it('is for getters', () => {
    const decorate = () => guitars.cached({}, 'save', { value: () => 1, configurable: true });
    expect(decorate).to.throw(guitars.DefinitionError, 'only getters can be cached');
    const standard = {
      kind: 'method',
      name: 'save',
      addInitializer: () => {},
    } as unknown as ClassGetterDecoratorContext;
    expect(() => guitars.cached(() => 1, standard)).to.throw(guitars.DefinitionError, 'only getters can be cached');
  });
});
