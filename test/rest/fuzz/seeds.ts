import { QueryTypes, type Sequelize } from 'sequelize';
import type { Models } from './models';

/** Fills the tables; a third of the rows is archived. */
export async function plant(sequelize: Sequelize, models: Models): Promise<void> {
  const { note, stock, page, token, every, article, comment, document, closed } = models;
  const numbered = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
  const make = (model: Models[keyof Models], rows: object[]) => model.bulkCreate(rows as never[]);
  await make(
    note,
    numbered(300).map((n) => ({ title: `title ${n}` })),
  );
  await make(
    stock,
    ['a', 'b', ',', '~'].flatMap((sku) => [1, 2, 3].map((warehouse) => ({ warehouse, sku, amount: warehouse }))),
  );
  await make(
    page,
    ['a', 'b', 'c', 'deleted', 'restore', '', '~', ',', "it's", '🎸'].map((slug) => ({ slug, title: slug || 'x' })),
  );
  await make(
    token,
    numbered(6).map((n) => ({ id: `00000000-0000-4000-8000-00000000000${n - 1}`, title: `${n}` })),
  );
  await make(
    every,
    numbered(30).map((n) => ({ small: n, string: 'a', numbers: [n], range: [1, n + 1], boolean: true })),
  );
  await make(
    article,
    numbered(40).map((n) => ({ title: `article ${n}`, stock: n })),
  );
  await make(
    comment,
    numbered(400).map((n) => ({ text: `comment ${n}`, articleId: n < 200 ? 1 : (n % 40) + 1 })),
  );
  await make(
    document,
    numbered(60).map((n) => ({ title: `document ${n}`, tenant: (n % 2) + 1 })),
  );
  await make(
    closed,
    numbered(20).map((n) => ({ title: `closed ${n}` })),
  );
  for (const table of ['note', 'every', 'comment', 'document', 'closed']) {
    await sequelize.query(`DELETE FROM "${table}" WHERE id % 3 = 0`);
  }
  await sequelize.query(
    `CREATE TABLE sentinel (id int PRIMARY KEY, text text); INSERT INTO sentinel VALUES (1, 'as it was')`,
  );
}

/** What no request may change: each row as it is, and by whom it was written. */
export async function untouchable(sequelize: Sequelize): Promise<string[]> {
  const sql = `
    SELECT xmin || ' ' || ctid || ' ' || t::text AS row FROM document AS t WHERE tenant <> 1
    UNION ALL SELECT xmin || ' ' || ctid || ' ' || t::text FROM closed AS t
    UNION ALL SELECT xmin || ' ' || ctid || ' ' || t::text FROM sentinel AS t
    ORDER BY 1`;
  return (await sequelize.query<{ row: string }>(sql, { type: QueryTypes.SELECT })).map(({ row }) => row);
}

/** The names of all tables, columns, functions and triggers of the database's own. */
export async function schema(sequelize: Sequelize): Promise<string[]> {
  const sql = `
    SELECT format('column %s.%s', attrelid::regclass, attname) AS name FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE relnamespace IN ('public'::regnamespace, to_regnamespace('guitars')) AND attnum > 0
    UNION ALL SELECT format('trigger %s.%s %s', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT format('function %s', oid::regprocedure) FROM pg_proc WHERE pronamespace::regnamespace::text !~ '^(pg_|information)'
    ORDER BY 1`;
  return (await sequelize.query<{ name: string }>(sql, { type: QueryTypes.SELECT })).map(({ name }) => name);
}
