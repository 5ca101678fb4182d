import type { Call } from '../../support/program';
import type { Connection } from './connection';

const WITH_BOOKS = { where: { id: 1 }, relations: { books: true, fans: true } };

function orphan(action: 'delete' | 'soft-delete' | 'nullify'): Call<Connection> {
  return {
    title: `authors.save(author with fewer books), orphanedRowAction: '${action}'`,
    run: async ({ of }) => {
      const authors = await of(action);
      const author = await authors.findOneOrFail(WITH_BOOKS);
      author.books = author.books.slice(0, 1);
      await authors.save(author);
    },
  };
}

/** The ways in which TypeORM writes rows: with their relations, and over one another. */
export const saves: Call<Connection>[] = [
  orphan('delete'),
  orphan('soft-delete'),
  orphan('nullify'),
  {
    title: 'authors.save({ id: 1, books: [new, …] })',
    run: async ({ authors, books }) => {
      const author = await authors.findOneOrFail(WITH_BOOKS);
      author.books.push(books.create({ name: 'new' }));
      await authors.save(author);
    },
  },
  {
    title: 'books.save({ author: an archived one })',
    run: async ({ books }) => void (await books.save({ name: 'new', author: { id: 4 } })),
  },
  {
    title: 'authors.save({ id: 3, times of 1999 })',
    run: async ({ authors }) => {
      const old = new Date('1999-01-01Z');
      await authors.save({ id: 3, createdAt: old, updatedAt: old, deletedAt: old });
    },
  },
  {
    title: "authors.upsert({ email: 'ada' }, ['email'])",
    run: async ({ authors }) => void (await authors.upsert({ email: 'ada', name: 'new' }, ['email'])),
  },
  {
    title: "authors.upsert({ email: 'ada' }, { conflictPaths: ['email'], indexPredicate: '_deleted_at IS NULL' })",
    run: async ({ authors }) =>
      void (await authors.upsert(
        { email: 'ada', name: 'new' },
        { conflictPaths: ['email'], indexPredicate: '_deleted_at IS NULL' },
      )),
  },
  {
    title: "authors.upsert({ id: 3, times of 1999 }, ['id'])",
    brings: true, // the key is generated: TypeORM leaves it out, and a new row may be born archived
    run: async ({ authors }) => {
      const old = new Date('1999-01-01Z');
      await authors.upsert({ id: 3, email: 'cyd', createdAt: old, updatedAt: old, deletedAt: old }, ['id']);
    },
  },
  {
    title: "authors.update(3, { deletedAt: new Date('1999-01-01Z') })",
    run: async ({ authors }) => (await authors.update(3, { deletedAt: new Date('1999-01-01Z') })).affected,
  },
  {
    title: 'authors.update(4, { deletedAt: null })',
    run: async ({ authors }) => (await authors.update(4, { deletedAt: null })).affected,
  },
  {
    title: "authors.insert({ email: 'dan' })",
    run: async ({ authors }) => void (await authors.insert({ email: 'dan' })),
  },
];
