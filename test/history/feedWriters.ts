import type { Client } from 'pg';
import type { Model, Sequelize, Transaction } from 'sequelize';
import type { Article } from './world';

/** A change of a row: its id, its version, and what was done. Each is there once. */
export const change = (id: unknown, version: unknown, operation: string) => `${id} ${version} ${operation}`;

/** What has been committed: a writer tells it only once it knows. */
export type Truth = Set<string>;

export interface Writing {
  readonly table: string;
  readonly truth: Truth;
  /** Are there enough changes by now? */
  enough(): boolean;
  /** A number below. */
  below(bound: number): number;
}

interface Picked {
  id: number;
  _version: number;
}

type Step = (client: Client, writing: Writing) => Promise<string[]>;

const told = (rows: Picked[], operation: string) => rows.map(({ id, _version }) => change(id, _version, operation));

/** Rows that nobody else is writing: half of the time of a few that all want. */
async function picked(client: Client, { table, below }: Writing, archived: boolean): Promise<Picked[]> {
  const from = below(2) ? below(200) : below(20000);
  const { rows } = await client.query<Picked>(
    `SELECT id, _version FROM ${table} WHERE title <> 'long' AND _deleted_at IS ${archived ? 'NOT ' : ''}NULL AND id >= ${from}
      ORDER BY id LIMIT ${1 + below(40)} FOR UPDATE SKIP LOCKED`,
  );
  return rows;
}

const ids = (rows: Picked[]) => `(${[0, ...rows.map(({ id }) => id)].join(', ')})`;

const insert: Step = async (client, { table, below }) => {
  const sql = `INSERT INTO ${table} (title) SELECT 'new' FROM generate_series(0, ${below(40)}) RETURNING id, _version`;
  return told((await client.query<Picked>(sql)).rows, 'insert');
};

const update: Step = async (client, writing) => {
  const rows = await picked(client, writing, false);
  const sql = `UPDATE ${writing.table} SET title = 'u' || _version WHERE id IN ${ids(rows)} RETURNING id, _version`;
  return told((await client.query<Picked>(sql)).rows, 'update');
};

const archive: Step = async (client, writing) => {
  const rows = await picked(client, writing, false);
  await client.query(`DELETE FROM ${writing.table} WHERE id IN ${ids(rows)}`);
  return rows.map(({ id, _version }) => change(id, _version + 1, 'archive'));
};

const restore: Step = async (client, writing) => {
  const rows = await picked(client, writing, true);
  const sql = `UPDATE ${writing.table} SET _deleted_at = NULL WHERE id IN ${ids(rows)} RETURNING id, _version`;
  return told((await client.query<Picked>(sql)).rows, 'restore');
};

const hardDelete: Step = async (client, writing) => {
  const rows = (await picked(client, writing, writing.below(2) === 0)).slice(0, 5);
  await client.query(
    `SET LOCAL guitars.hard_delete = on; DELETE FROM ${writing.table} WHERE id IN ${ids(rows)}; SET LOCAL guitars.hard_delete = off`,
  );
  return told(rows, 'delete');
};

const STEPS = [insert, insert, insert, update, update, update, update, archive, restore, hardDelete];

/** Transactions of raw SQL, some of them rolled back, or parts of them. */
export async function rawWriter(client: Client, writing: Writing): Promise<void> {
  const { below, truth } = writing;
  const step = () => (STEPS[below(STEPS.length)] as Step)(client, writing);
  while (!writing.enough()) {
    await client.query('BEGIN');
    let done: string[] = [];
    for (let n = below(5); n >= 0; n--) {
      if (below(4) > 0) done.push(...(await step()));
      else {
        await client.query('SAVEPOINT part');
        const part = [...(await step()), ...(await step())];
        const undone = below(2) === 0;
        await client.query(undone ? 'ROLLBACK TO part' : 'RELEASE part');
        if (!undone) done = [...done, ...part];
      }
    }
    if (below(8) === 0) await client.query('ROLLBACK');
    else {
      await client.query('COMMIT');
      for (const each of done) truth.add(each);
    }
  }
}

/** Transactions that stay open while the reader polls; their rows are written by nobody else. */
export async function longWriter(client: Client, writing: Writing, polled: (times: number) => Promise<void>) {
  const { below, table, truth } = writing;
  while (!writing.enough()) {
    await client.query('BEGIN');
    const done: string[] = [];
    for (let n = 0; n < 3; n++) {
      const sql = `INSERT INTO ${table} (title) SELECT 'long' FROM generate_series(0, ${below(30)}) RETURNING id, _version`;
      done.push(...told((await client.query<Picked>(sql)).rows, 'insert'));
      await polled(1 + below(5));
    }
    if (below(5) === 0) await client.query('ROLLBACK');
    else {
      await client.query('COMMIT');
      for (const each of done) truth.add(each);
    }
  }
}

/** What applications do, through the model, in a transaction or without. */
export async function modelWriter(Made: typeof Article, writing: Writing): Promise<void> {
  const sequelize = Made.sequelize as Sequelize;
  while (!writing.enough()) {
    const done: string[] = [];
    const work = async (transaction?: Transaction) => {
      const options = { transaction: transaction ?? null };
      const rows = await Made.bulkCreate([{ title: 'a' }, { title: 'b' }, { title: 'c' }], options);
      const one = rows[0] as Article & { hardDelete(options: object): Promise<unknown> };
      for (const { id } of rows) done.push(change(id, 1, 'insert'));
      // Others may write them at once, where there is no transaction.
      if (!transaction) return;
      await one.update({ title: 'changed' }, options);
      await (one as Model).destroy(options);
      await one.restore(options);
      for (const [n, operation] of ['update', 'archive', 'restore'].entries())
        done.push(change(one.id, n + 2, operation));
      if (writing.below(2) > 0) return;
      await one.hardDelete(options);
      done.push(change(one.id, 4, 'delete'));
    };
    await (writing.below(3) === 0 ? work() : sequelize.transaction(work));
    for (const each of done) writing.truth.add(each);
  }
}
