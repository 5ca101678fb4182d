import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { integer, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { tried } from '../support/program';

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
const times = () => ({
  createdAt: time('_created_at'),
  updatedAt: time('_updated_at'),
  deletedAt: time('_deleted_at'),
});
const author = pgTable('author', { id: serial().primaryKey(), email: text(), name: text(), ...times() });
const book = pgTable('book', { id: serial().primaryKey(), name: text(), authorId: integer('author_id'), ...times() });
const room = pgTable('room', { id: serial().primaryKey(), name: text() });
const old = { createdAt: '1999-01-01Z', updatedAt: '1999-01-01Z', deletedAt: '1999-01-01Z' };

type Db = NodePgDatabase & { $client: pg.Pool };
const count = async (result: Promise<{ rowCount: number | null }>) => (await result).rowCount ?? 0;
const length = async (rows: Promise<unknown[]>) => (await rows).length;

export const drizzleCalls = tried<Db>({
  heading: 'Drizzle',
  open: async (connectionString) => drizzle({ client: new pg.Pool({ connectionString, max: 2 }) }),
  close: (db) => db.$client.end(),
  calls: [
    {
      title: 'db.delete(author).where(eq(author.id, 1))',
      run: (db) => count(db.delete(author).where(eq(author.id, 1))),
    },
    {
      title: 'db.delete(author).where(eq(author.id, 2))',
      run: (db) => count(db.delete(author).where(eq(author.id, 2))),
    },
    { title: 'db.delete(book)', run: (db) => count(db.delete(book)) },
    {
      title: 'db.delete(book).where(eq(book.id, 1)).returning()',
      run: (db) => length(db.delete(book).where(eq(book.id, 1)).returning()),
    },
    {
      title: 'db.delete(book).where(inArray(book.id, db.select(…)))',
      run: (db) =>
        count(
          db.delete(book).where(inArray(book.id, db.select({ id: book.id }).from(book).where(eq(book.authorId, 1)))),
        ),
    },
    {
      title: 'db.with(old).delete(book).where(inArray(book.id, …old))',
      run: (db) => {
        const gone = db.$with('gone').as(db.select({ id: book.id }).from(book).where(eq(book.authorId, 1)));
        return count(
          db
            .with(gone)
            .delete(book)
            .where(inArray(book.id, db.select({ id: gone.id }).from(gone))),
        );
      },
    },
    {
      title: "db.delete(book).where(eq(book.id, sql.placeholder('id'))).prepare('remove').execute({ id: 1 })",
      run: (db) =>
        count(
          db
            .delete(book)
            .where(eq(book.id, sql.placeholder('id')))
            .prepare('remove')
            .execute({ id: 1 }),
        ),
    },
    {
      title: 'db.delete(room).where(eq(room.id, 1))',
      removes: true,
      run: (db) => count(db.delete(room).where(eq(room.id, 1))),
    },
    { title: 'db.execute(sql`TRUNCATE book`)', run: (db) => db.execute(sql`TRUNCATE book`).then(() => undefined) },
    {
      title: 'db.update(book).set({ deletedAt: sql`now()` }).where(eq(book.id, 1)).returning()',
      run: (db) => length(db.update(book).set({ deletedAt: sql`now()` }).where(eq(book.id, 1)).returning()),
    },
    {
      title: 'db.update(author).set({ deletedAt: null }).where(eq(author.id, 4)).returning()',
      run: (db) => length(db.update(author).set({ deletedAt: null }).where(eq(author.id, 4)).returning()),
    },
    {
      title: 'db.update(author).set(times of 1999).where(eq(author.id, 3))',
      run: (db) => count(db.update(author).set(old).where(eq(author.id, 3))),
    },
    {
      title: 'db.update(book).set({ authorId: 4 }).where(eq(book.id, 1))',
      run: (db) => count(db.update(book).set({ authorId: 4 }).where(eq(book.id, 1))),
    },
    {
      title: 'db.insert(author).values({ email }).onConflictDoUpdate({ target: author.email, set })',
      run: (db) =>
        count(
          db
            .insert(author)
            .values({ email: 'ada' })
            .onConflictDoUpdate({ target: author.email, set: { name: 'new' } }),
        ),
    },
    {
      title:
        'db.insert(author).values({ email }).onConflictDoUpdate({ target: author.email, targetWhere: isNull(author.deletedAt), set })',
      run: (db) =>
        count(
          db
            .insert(author)
            .values({ email: 'ada' })
            .onConflictDoUpdate({ target: author.email, targetWhere: sql`_deleted_at IS NULL`, set: { name: 'new' } }),
        ),
    },
    {
      title: 'db.insert(author).values({ id: 3 }).onConflictDoUpdate({ target: author.id, set: times of 1999 })',
      run: (db) => count(db.insert(author).values({ id: 3 }).onConflictDoUpdate({ target: author.id, set: old })),
    },
    {
      title: 'db.insert(author).values({ email }).onConflictDoNothing()',
      run: (db) => count(db.insert(author).values({ email: 'ada' }).onConflictDoNothing()),
    },
    {
      title: 'db.insert(book).values({ authorId: 4 }).returning()',
      run: (db) => length(db.insert(book).values({ authorId: 4 }).returning()),
    },
    {
      title: 'db.transaction: select().for(update), then delete',
      run: (db) =>
        db.transaction(async (tx) => {
          const [job] = await tx
            .select()
            .from(book)
            .where(and(isNull(book.deletedAt), eq(book.authorId, 1)))
            .limit(1)
            .for('update', { skipLocked: true });
          return count(tx.delete(book).where(eq(book.id, job?.id ?? 0)));
        }),
    },
    {
      title: 'db.transaction: a nested transaction deletes and is rolled back',
      run: (db) =>
        db.transaction(async (tx) => {
          await tx
            .transaction(async (inner) => {
              await inner.delete(author).where(eq(author.id, 1));
              inner.rollback();
            })
            .catch(() => {});
          return count(tx.delete(author).where(eq(author.id, 3)));
        }),
    },
    {
      title: 'db.transaction: SET LOCAL guitars.hard_delete = on, then delete',
      removes: true,
      run: (db) =>
        db.transaction(async (tx) => {
          await tx.execute(sql`SET LOCAL guitars.hard_delete = on`);
          return count(tx.delete(author).where(eq(author.id, 1)));
        }),
    },
  ],
});
