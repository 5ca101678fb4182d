import type { Sequelize, Transaction } from 'sequelize';
import { withRevision } from 'sequelize-guitars/history';
import { Author, Comment, Post } from './models';

/** Two authors, three posts and three comments, where there is nobody yet. */
export async function seed(sequelize: Sequelize): Promise<void> {
  if ((await Author.all.count()) > 0) return;
  await withRevision({ actor: 'seed' }, () => sequelize.transaction((transaction) => write({ transaction })));
}

async function write(options: { transaction: Transaction }): Promise<void> {
  const ada = await Author.create({ name: 'Ada', email: 'ada@example.org' }, options);
  const ben = await Author.create({ name: 'Ben', email: 'ben@example.org' }, options);
  const wood = await Post.create({ authorId: ada.id, title: 'On wood', body: 'Spruce.', published: true }, options);
  await Post.create({ authorId: ada.id, title: 'A draft' }, options);
  const strings = await Post.create({ authorId: ben.id, title: 'On strings', published: true }, options);
  const texts = { [wood.id]: ['And cedar?', 'Thank you.'], [strings.id]: ['Six of them.'] };
  for (const [postId, of] of Object.entries(texts))
    for (const text of of) await Comment.create({ postId: Number(postId), text }, options);
}
