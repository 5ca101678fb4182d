import knex, { type Knex } from 'knex';
import { tried } from '../support/program';

const now = (db: Knex) => db.fn.now();
const archived = { _deleted_at: '1999-01-01Z', _created_at: '1999-01-01Z', _updated_at: '1999-01-01Z' };

/** An insert whose conflict is on a unique index among live rows has to say so, as the index does. */
const LIVE = '(email) WHERE _deleted_at IS NULL';

export const knexCalls = tried<Knex>({
  heading: 'Knex',
  open: async (connection) => knex({ client: 'pg', connection }),
  close: (db) => db.destroy(),
  calls: [
    { title: "knex('author').where({ id: 1 }).del()", run: (db) => db('author').where({ id: 1 }).del() },
    { title: "knex('author').where({ id: 2 }).del()", run: (db) => db('author').where({ id: 2 }).del() },
    { title: "knex('book').del()", run: (db) => db('book').del() },
    {
      title: "knex('book').where({ id: 1 }).del('id')",
      run: async (db) => (await db('book').where({ id: 1 }).del('id')).length,
    },
    {
      title: "knex('book').innerJoin('author', 'author.id', 'book.author_id').where({ email: 'ada' }).del()",
      run: (db) => db('book').innerJoin('author', 'author.id', 'book.author_id').where({ 'author.email': 'ada' }).del(),
    },
    {
      title: "knex('book').with('old', …).whereIn('id', db('old')).del()",
      run: (db) =>
        db('book')
          .with('old', db('book').select('id').where({ author_id: 1 }))
          .whereIn('id', db('old').select('id'))
          .del(),
    },
    {
      title: "knex('author').truncate()",
      run: (db) =>
        db('author')
          .truncate()
          .then(() => undefined),
    },
    {
      title: "knex('book').truncate()",
      run: (db) =>
        db('book')
          .truncate()
          .then(() => undefined),
    },
    {
      title: "knex('book').where({ id: 1 }).update({ _deleted_at: knex.fn.now() })",
      run: (db) =>
        db('book')
          .where({ id: 1 })
          .update({ _deleted_at: now(db) }),
    },
    {
      title: "knex('author').where({ id: 4 }).update({ _deleted_at: null })",
      run: (db) => db('author').where({ id: 4 }).update({ _deleted_at: null }),
    },
    {
      title: "knex('author').where({ id: 3 }).update(times of 1999)",
      run: (db) => db('author').where({ id: 3 }).update(archived),
    },
    { title: "knex('room').where({ id: 1 }).del()", removes: true, run: (db) => db('room').where({ id: 1 }).del() },
    { title: "knex('note').del()", run: (db) => db('note').del() },
    {
      title: "knex('author').insert({ email }).onConflict('email').merge()",
      run: (db) =>
        db('author')
          .insert({ email: 'ada', name: 'new' })
          .onConflict('email')
          .merge()
          .then(() => undefined),
    },
    {
      title: "knex('author').insert({ email }).onConflict(knex.raw('(email) WHERE _deleted_at IS NULL')).merge()",
      run: (db) =>
        db('author')
          .insert({ email: 'ada', name: 'new' })
          .onConflict(db.raw(LIVE))
          .merge()
          .then(() => undefined),
    },
    {
      title: "knex('author').insert({ id: 3, …times of 1999 }).onConflict('id').merge()",
      run: (db) =>
        db('author')
          .insert({ id: 3, email: 'cyd', ...archived })
          .onConflict('id')
          .merge()
          .then(() => undefined),
    },
    {
      title: "knex('author').insert({ email: 'ada' }).onConflict().ignore()",
      run: (db) =>
        db('author')
          .insert({ email: 'ada' })
          .onConflict()
          .ignore()
          .then(() => undefined),
    },
    {
      title: "knex('author').insert({ email: 'ada' })",
      run: (db) =>
        db('author')
          .insert({ email: 'ada' })
          .then(() => undefined),
    },
    {
      title: "knex('author').insert({ email: 'dan' })",
      run: (db) =>
        db('author')
          .insert({ email: 'dan' })
          .then(() => undefined),
    },
    {
      title: "knex.batchInsert('book', rows, 2)",
      run: async (db) =>
        (
          await db
            .batchInsert<object, object>(
              'book',
              [1, 2, 3].map((n) => ({ name: `b${n}`, author_id: 1 })),
              2,
            )
            .returning('*')
        ).length,
    },
    {
      title: "knex.batchInsert('book', rows of an archived author)",
      run: async (db) => (await db.batchInsert('book', [{ name: 'b', author_id: 4 }])).length,
    },
    {
      title: 'knex.transaction: select forUpdate skipLocked, then del()',
      run: (db) =>
        db.transaction(async (trx) => {
          const [job] = await trx('book').whereNull('_deleted_at').orderBy('id').limit(1).forUpdate().skipLocked();
          return trx('book').where({ id: job.id }).del();
        }),
    },
    {
      title: 'knex.transaction: del(), then rollback()',
      run: async (db) => {
        const trx = await db.transaction();
        const n = await trx('author').where({ id: 1 }).del();
        await trx.rollback();
        return n;
      },
    },
    {
      title: 'knex.transaction: SET LOCAL guitars.hard_delete = on, then del()',
      removes: true,
      run: (db) =>
        db.transaction(async (trx) => {
          await trx.raw('SET LOCAL guitars.hard_delete = on');
          return trx('author').where({ id: 1 }).del();
        }),
    },
  ],
});
