import { expect } from 'chai';
import { Model } from 'sequelize';
import { Guitar, withoutHooks } from '../../lib';
import { useDatabase } from '../support/database';
import { initialised } from '../support/ladder';

class Article extends Guitar(Model) {}
class Comment extends Guitar(Model) {}

const HOOKS = [
  'beforeValidate',
  'beforeCreate',
  'afterCreate',
  'beforeUpdate',
  'afterUpdate',
  'beforeDestroy',
  'afterDestroy',
] as const;

describe('withoutHooks', () => {
  const database = useDatabase();
  let fired: string[] = [];
  const create = (model: typeof Article = Article) => model.create({ n: 1 } as never);

  before(async () => {
    for (const model of [Article, Comment]) {
      await initialised(model, database.sequelize);
      for (const hook of HOOKS) model.addHook(hook as 'beforeCreate', () => void fired.push(`${model.name}.${hook}`));
    }
  });

  beforeEach(() => {
    fired = [];
  });

  it('turns off every hook of what it awaits, and answers its value', async () => {
    const article = await withoutHooks(async () => {
      const made = await create();
      await made.update({ n: 2 });
      await made.destroy();
      return made;
    });
    expect(article.isDeleted).to.equal(true);
    expect(fired).to.deep.equal([]);
    await create();
    expect(fired).to.deep.equal(['Article.beforeValidate', 'Article.beforeCreate', 'Article.afterCreate']);
  });

  it('hooks by name, models by class', async () => {
    await withoutHooks({ hooks: ['beforeCreate', 'beforeValidate'], models: [Article] }, async () => {
      await create();
      await create(Comment);
    });
    expect(fired).to.deep.equal([
      'Article.afterCreate',
      'Comment.beforeValidate',
      'Comment.beforeCreate',
      'Comment.afterCreate',
    ]);
  });

  it('a model means its scoped classes too', async () => {
    await withoutHooks({ models: [Article] }, async () => {
      await create(Article.scope('all') as typeof Article);
      await create(Article.unscoped());
    });
    expect(fired).to.deep.equal([]);
  });

  it('nested calls add up, and end one by one', async () => {
    await withoutHooks({ hooks: ['beforeCreate'] }, async () => {
      await withoutHooks({ hooks: ['afterCreate'] }, () => create());
      await create();
    });
    expect(fired).to.deep.equal(['Article.beforeValidate', 'Article.beforeValidate', 'Article.afterCreate']);
  });

  it('what runs beside it keeps its hooks', async () => {
    let enter = () => {};
    let leave = () => {};
    const inside = new Promise<void>((resolve) => (enter = resolve));
    const done = new Promise<void>((resolve) => (leave = resolve));
    const quiet = withoutHooks(async () => {
      enter();
      await done;
      await create();
    });
    await inside;
    await create(Comment);
    leave();
    await quiet;
    expect(fired).to.deep.equal(['Comment.beforeValidate', 'Comment.beforeCreate', 'Comment.afterCreate']);
  });

  it('an error ends it', async () => {
    const error = await withoutHooks(() => Promise.reject(new Error('on purpose'))).catch((caught) => caught);
    expect(error.message).to.equal('on purpose');
    await create();
    expect(fired).to.have.length(3);
  });

  it('reaches into a transaction', async () => {
    const { sequelize } = database;
    await withoutHooks(() =>
      sequelize.transaction((transaction) => Article.create({ n: 1 } as never, { transaction })),
    );
    expect(fired).to.deep.equal([]);
  });

  it('always answers a promise, of what fn answers or throws', async () => {
    const five = withoutHooks((() => 5) as never);
    expect(five).to.be.instanceOf(Promise);
    expect(await five).to.equal(5);
    const thrown = withoutHooks(() => {
      throw new Error('on purpose');
    });
    expect(await thrown.catch(({ message }: Error) => message)).to.equal('on purpose');
  });
});
