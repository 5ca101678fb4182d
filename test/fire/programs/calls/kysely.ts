import { type Generated, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { tried } from '../support/program';

interface Kept {
  id: Generated<number>;
  name: string | null;
  _created_at: Generated<string>;
  _updated_at: Generated<string>;
  _deleted_at: string | null;
}
interface Tables {
  author: Kept & { email: string | null };
  book: Kept & { author_id: number | null };
  room: { id: Generated<number>; name: string | null };
}
const old = { _created_at: '1999-01-01Z', _updated_at: '1999-01-01Z', _deleted_at: '1999-01-01Z' };
const deleted = async (result: Promise<{ numDeletedRows: bigint }>) => Number((await result).numDeletedRows);
const updated = async (result: Promise<{ numUpdatedRows: bigint }>) => Number((await result).numUpdatedRows);
const inserted = async (result: Promise<{ numInsertedOrUpdatedRows?: bigint }>) =>
  Number((await result).numInsertedOrUpdatedRows);
const length = async (rows: Promise<unknown[]>) => (await rows).length;

export const kyselyCalls = tried<Kysely<Tables>>({
  heading: 'Kysely',
  open: async (connectionString) =>
    new Kysely<Tables>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString, max: 2 }) }) }),
  close: (db) => db.destroy(),
  calls: [
    {
      title: "db.deleteFrom('author').where('id', '=', 1).executeTakeFirst()",
      run: (db) => deleted(db.deleteFrom('author').where('id', '=', 1).executeTakeFirstOrThrow()),
    },
    {
      title: "db.deleteFrom('author').where('id', '=', 2).executeTakeFirst()",
      run: (db) => deleted(db.deleteFrom('author').where('id', '=', 2).executeTakeFirstOrThrow()),
    },
    {
      title: "db.deleteFrom('book').executeTakeFirst()",
      run: (db) => deleted(db.deleteFrom('book').executeTakeFirstOrThrow()),
    },
    {
      title: "db.deleteFrom('book').where('id', '=', 1).returningAll().execute()",
      run: (db) => length(db.deleteFrom('book').where('id', '=', 1).returningAll().execute()),
    },
    {
      title: "db.deleteFrom('book').where('id', '=', 1).returningAll().executeTakeFirstOrThrow()",
      run: (db) =>
        db
          .deleteFrom('book')
          .where('id', '=', 1)
          .returningAll()
          .executeTakeFirstOrThrow()
          .then(() => 1),
    },
    {
      title:
        "db.deleteFrom('book').using('author').whereRef('book.author_id', '=', 'author.id').where('email', '=', 'ada')",
      run: (db) =>
        deleted(
          db
            .deleteFrom('book')
            .using('author')
            .whereRef('book.author_id', '=', 'author.id')
            .where('author.email', '=', 'ada')
            .executeTakeFirstOrThrow(),
        ),
    },
    {
      title: "db.with('gone', (db) => db.deleteFrom('book').returning('id')).selectFrom('gone')",
      run: (db) =>
        length(
          db
            .with('gone', (qb) => qb.deleteFrom('book').where('id', '=', 1).returning('id'))
            .selectFrom('gone')
            .selectAll()
            .execute(),
        ),
    },
    {
      title: "db.with('old', …).deleteFrom('book').using('old')",
      run: (db) =>
        deleted(
          db
            .with('old', (qb) => qb.selectFrom('book').select('id').where('author_id', '=', 1))
            .deleteFrom('book')
            .using('old')
            .whereRef('book.id', '=', 'old.id')
            .executeTakeFirstOrThrow(),
        ),
    },
    {
      title: "db.mergeInto('book').using(…).whenMatched().thenDelete()",
      since: 15,
      run: async (db) =>
        Number(
          (
            await db
              .mergeInto('book')
              .using('author', 'author.id', 'book.author_id')
              .whenMatched()
              .thenDelete()
              .executeTakeFirstOrThrow()
          ).numChangedRows,
        ),
    },
    {
      title:
        "db.mergeInto('author').using(…).whenMatched().thenUpdateSet({ _deleted_at: … }).whenNotMatched().thenInsertValues(…)",
      since: 15,
      run: async (db) =>
        Number(
          (
            await db
              .mergeInto('author')
              .using('room', 'room.id', 'author.id')
              .whenMatchedAnd('author.id', '=', 3)
              .thenUpdateSet(old)
              .whenNotMatched()
              .thenInsertValues({ name: 'new' })
              .executeTakeFirstOrThrow()
          ).numChangedRows,
        ),
    },
    {
      title: "db.deleteFrom('room').where('id', '=', 1)",
      removes: true,
      run: (db) => deleted(db.deleteFrom('room').where('id', '=', 1).executeTakeFirstOrThrow()),
    },
    {
      title: "db.updateTable('book').set({ _deleted_at: sql`now()` }).where('id', '=', 1)",
      run: (db) =>
        updated(db.updateTable('book').set({ _deleted_at: sql`now()` }).where('id', '=', 1).executeTakeFirstOrThrow()),
    },
    {
      title: "db.updateTable('author').set({ _deleted_at: null }).where('id', '=', 4)",
      run: (db) =>
        updated(db.updateTable('author').set({ _deleted_at: null }).where('id', '=', 4).executeTakeFirstOrThrow()),
    },
    {
      title: "db.updateTable('author').set(times of 1999).where('id', '=', 3)",
      run: (db) => updated(db.updateTable('author').set(old).where('id', '=', 3).executeTakeFirstOrThrow()),
    },
    {
      title: "db.insertInto('author').values({ email }).onConflict((oc) => oc.column('email').doUpdateSet(…))",
      run: (db) =>
        inserted(
          db
            .insertInto('author')
            .values({ email: 'ada' })
            .onConflict((oc) => oc.column('email').doUpdateSet({ name: 'new' }))
            .executeTakeFirstOrThrow(),
        ),
    },
    {
      title:
        "db.insertInto('author').values({ email }).onConflict((oc) => oc.column('email').where('_deleted_at', 'is', null).doUpdateSet(…))",
      run: (db) =>
        inserted(
          db
            .insertInto('author')
            .values({ email: 'ada' })
            .onConflict((oc) => oc.column('email').where('_deleted_at', 'is', null).doUpdateSet({ name: 'new' }))
            .executeTakeFirstOrThrow(),
        ),
    },
    {
      title: "db.insertInto('author').values({ id: 3 }).onConflict((oc) => oc.column('id').doUpdateSet(times of 1999))",
      run: (db) =>
        inserted(
          db
            .insertInto('author')
            .values({ id: 3 })
            .onConflict((oc) => oc.column('id').doUpdateSet(old))
            .executeTakeFirstOrThrow(),
        ),
    },
    {
      title: 'db.transaction().execute: selectFrom.forUpdate().skipLocked(), then deleteFrom',
      run: (db) =>
        db.transaction().execute(async (trx) => {
          const job = await trx
            .selectFrom('book')
            .select('id')
            .where('_deleted_at', 'is', null)
            .orderBy('id')
            .limit(1)
            .forUpdate()
            .skipLocked()
            .executeTakeFirstOrThrow();
          return deleted(trx.deleteFrom('book').where('id', '=', job.id).executeTakeFirstOrThrow());
        }),
    },
    {
      title: 'db.transaction().execute: SET LOCAL guitars.hard_delete = on, then deleteFrom',
      removes: true,
      run: (db) =>
        db.transaction().execute(async (trx) => {
          await sql`SET LOCAL guitars.hard_delete = on`.execute(trx);
          return deleted(trx.deleteFrom('author').where('id', '=', 1).executeTakeFirstOrThrow());
        }),
    },
  ],
});
