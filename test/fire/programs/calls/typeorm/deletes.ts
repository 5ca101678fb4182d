import type { Call } from '../../support/program';
import type { Connection } from './connection';

const affected = async (result: Promise<{ affected?: number | null }>) => (await result).affected ?? undefined;
const WITH_BOOKS = { where: { id: 1 }, relations: { books: true, fans: true } };

/** The ways in which TypeORM deletes and archives. */
export const deletes: Call<Connection>[] = [
  { title: 'authors.delete(1)', run: ({ authors }) => affected(authors.delete(1)) },
  { title: 'authors.delete(2)', run: ({ authors }) => affected(authors.delete(2)) },
  { title: 'books.delete([1, 2])', run: ({ books }) => affected(books.delete([1, 2])) },
  { title: 'books.deleteAll()', run: ({ books }) => affected(books.deleteAll()) },
  {
    title: 'authors.remove(author)',
    run: async ({ authors }) => void (await authors.remove(await authors.findOneByOrFail({ id: 1 }))),
  },
  {
    title: 'authors.remove(author with books and fans)',
    run: async ({ authors }) => void (await authors.remove(await authors.findOneOrFail(WITH_BOOKS))),
  },
  { title: 'books.remove([…])', run: async ({ books }) => void (await books.remove(await books.find())) },
  {
    title: "books.createQueryBuilder().delete().where('id = 1').execute()",
    run: ({ books }) => affected(books.createQueryBuilder().delete().where('id = 1').execute()),
  },
  {
    title: "books.createQueryBuilder().delete().where('id = 1').returning('*').execute()",
    run: ({ books }) => affected(books.createQueryBuilder().delete().where('id = 1').returning('*').execute()),
  },
  { title: 'books.clear()', run: async ({ books }) => void (await books.clear()) },
  {
    title: 'authors.clear({ cascade: true })',
    run: async ({ authors }) => void (await authors.clear({ cascade: true })),
  },
  { title: 'rooms.delete(1)', removes: true, run: ({ rooms }) => affected(rooms.delete(1)) },
  { title: 'authors.softDelete(1)', run: ({ authors }) => affected(authors.softDelete(1)) },
  { title: 'authors.softDelete(2)', run: ({ authors }) => affected(authors.softDelete(2)) },
  { title: 'authors.softDelete(4)', run: ({ authors }) => affected(authors.softDelete(4)) },
  {
    title: 'authors.softRemove(author)',
    run: async ({ authors }) => void (await authors.softRemove(await authors.findOneByOrFail({ id: 1 }))),
  },
  {
    title: 'authors.softRemove(author with books and fans)',
    run: async ({ authors }) => void (await authors.softRemove(await authors.findOneOrFail(WITH_BOOKS))),
  },
  { title: 'authors.restore(4)', run: ({ authors }) => affected(authors.restore(4)) },
  { title: 'books.restore(3)', run: ({ books }) => affected(books.restore(3)) },
  {
    title: 'authors.recover(author)',
    run: async ({ authors }) =>
      void (await authors.recover(await authors.findOneOrFail({ where: { id: 4 }, withDeleted: true }))),
  },
  {
    title: 'source.transaction: find with a pessimistic lock, then delete',
    run: ({ source, books }) =>
      source.transaction(async (manager) => {
        const [job] = await manager.find(books.target, {
          lock: { mode: 'pessimistic_write' },
          take: 1,
          order: { id: 1 },
        });
        return affected(manager.delete(books.target, (job as { id: number }).id));
      }),
  },
  {
    title: 'source.transaction: SET LOCAL guitars.hard_delete = on, then delete',
    removes: true,
    run: ({ source, authors }) =>
      source.transaction(async (manager) => {
        await manager.query('SET LOCAL guitars.hard_delete = on');
        return affected(manager.delete(authors.target, 1));
      }),
  },
];
