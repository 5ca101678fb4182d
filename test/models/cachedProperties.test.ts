import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { DefinitionError, HasCachedProperties } from '../../lib';
import { useDatabase } from '../support/database';

class Article extends HasCachedProperties(Model) {
  declare body: string;
  computed = 0;

  get wordCount(): number {
    this.computed += 1;
    return this.body.split(' ').length;
  }

  get tags(): string[] {
    return [this.body];
  }
}
Article.cacheProperties('wordCount', 'tags');

class Review extends Article {
  override get wordCount(): number {
    return super.wordCount * 100;
  }

  get plainWordCount(): number {
    return super.wordCount;
  }

  get stars(): object {
    return {};
  }
}
Review.cacheProperties('wordCount', 'stars');

describe('cached properties without decorators', () => {
  const database = useDatabase();

  before(async () => {
    for (const model of [Article, Review]) {
      model.init({ body: DataTypes.TEXT }, { sequelize: database.sequelize, timestamps: false });
      await model.sync();
    }
  });

  it('are computed once an instance', async () => {
    const [one, two] = [Article.build({ body: 'a b c' }), Article.build({ body: 'a' })];
    expect([one.wordCount, one.wordCount, one.computed, two.wordCount]).to.deep.equal([3, 3, 1, 1]);
  });

  it('undefined is cached as well', () => {
    let calls = 0;
    class Empty extends HasCachedProperties(Model) {
      get nothing(): undefined {
        calls += 1;
        return undefined;
      }
    }
    Empty.cacheProperties('nothing');
    Empty.init({}, { sequelize: database.sequelize });
    const empty = Empty.build();
    expect([empty.nothing, empty.nothing, calls]).to.deep.equal([undefined, undefined, 1]);
  });

  it('an error is not cached', () => {
    const article = Article.build();
    expect(() => article.wordCount).to.throw(TypeError);
    article.body = 'a b';
    expect(article.wordCount).to.equal(2);
  });

  it('expire by name, or all at once', () => {
    const review = Review.build({ body: 'a b' });
    const [tags, stars] = [review.tags, review.stars];
    expect([review.wordCount, review.plainWordCount, review.wordCount]).to.deep.equal([200, 2, 200]);
    review.body = 'a b c';
    expect(review.expireCachedProperties('wordCount')).to.equal(review);
    expect([review.wordCount, review.plainWordCount]).to.deep.equal([300, 3]);
    expect([review.tags === tags, review.stars === stars]).to.deep.equal([true, true]);
    review.expireCachedProperties();
    expect([review.tags === tags, review.stars === stars]).to.deep.equal([false, false]);
  });

  it('reload() expires them, inherited ones too', async () => {
    const review = await Review.create({ body: 'a b' });
    const { tags, stars } = review;
    expect(review.wordCount).to.equal(200);
    await Review.update({ body: 'a b c' }, { where: {} });
    await review.reload();
    expect(review.wordCount).to.equal(300);
    expect([review.tags === tags, review.stars === stars]).to.deep.equal([false, false]);
  });

  it('never leak into toJSON(), get(), changed() or the statement', async () => {
    const article = await Article.create({ body: 'a' });
    expect(article.wordCount).to.equal(1);
    expect(article.changed()).to.equal(false);
    expect(Object.keys(article.toJSON())).to.have.members(['id', 'body']);
    expect(Object.keys(article.get())).to.have.members(['id', 'body']);
    expect(JSON.stringify(article)).not.to.include('wordCount');
    expect(Object.keys(article)).not.to.include('wordCount');
  });

  it('work on instances of scoped classes', async () => {
    await Article.create({ body: 'scoped' });
    const found = await Article.unscoped().findOne({ where: { body: 'scoped' } });
    expect([found?.wordCount, found?.wordCount, found?.computed]).to.deep.equal([1, 1, 1]);
    expect(found?.expireCachedProperties('wordCount').wordCount).to.equal(1);
  });

  it('unknown names are errors that say which there are', () => {
    expect(() => Review.build().expireCachedProperties('wordcount', 'tags')).to.throw(
      DefinitionError,
      'Review has no cached property wordcount. Use one of: wordCount, stars, tags.',
    );
    expect(() => Review.cacheProperties('nothing')).to.throw(DefinitionError, 'Write `get nothing()`');
    expect(() => Review.cacheProperties('save')).to.throw(DefinitionError, 'no getter');
  });
});
