import { expect } from 'chai';
import pg from 'pg';
import { QueryTypes, type Sequelize } from 'sequelize';
import { install, purge, withHardDelete, withKeptTimestamps } from '../../../../lib';
import { withRevision } from '../../../../lib/history';
import { ignoreTriggers } from '../../../../lib/triggers';
import { refusal, sqlstate } from '../../../contract/world';
import type { Library } from './models';

/** A client of the pooler: a pool of Sequelize with models of its own, a connection without Sequelize, and a name. */
export interface Client {
  readonly sequelize: Sequelize;
  readonly models: Library;
  readonly raw: pg.Client;
  readonly url: string;
  readonly name: string;
}

type Operation = (client: Client, n: number) => Promise<void>;

const made = ({ models: { Book }, name }: Client, n: number) => Book.create({ title: `${name} ${n}`, isbn: '1' });
const stateOf = async ({ raw }: Client, id: number) =>
  (
    await raw.query(
      `SELECT _deleted_at IS NOT NULL AS archived, _updated_at > now() - interval '1 day' AS fresh FROM book WHERE id = $1`,
      [id],
    )
  ).rows[0] as { archived: boolean; fresh: boolean } | undefined;
const lastActor = async ({ raw }: Client, id: number) =>
  (await raw.query('SELECT _actor FROM book_history WHERE id = $1 ORDER BY _entry DESC LIMIT 1', [id])).rows[0]?._actor;
const ROLLED_BACK = new Error('on purpose');

/** What clients do who open doors or say who they are. Each looks whether what it did came to pass, and no more. */
export const OPENING: Readonly<Record<string, Operation>> = {
  async hardDelete(client, n) {
    const book = await made(client, n);
    await book.hardDelete();
    expect(await stateOf(client, book.id)).to.equal(undefined);
  },
  async 'hardDelete, rolled back'(client, n) {
    const book = await made(client, n);
    const work = client.sequelize.transaction(async (transaction) => {
      await withHardDelete(transaction, () => client.models.Book.hardDelete({ where: { id: book.id }, transaction }));
      throw ROLLED_BACK;
    });
    expect(await refusal(work)).to.equal(ROLLED_BACK);
    expect(await stateOf(client, book.id)).to.deep.include({ archived: false });
  },
  async 'hard delete, the client cut'(client, n) {
    const book = await made(client, n);
    const cut = new pg.Client({ connectionString: client.url });
    cut.on('error', () => {});
    await cut.connect();
    await cut.query(`BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM book WHERE id = ${book.id}`);
    (cut as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    await client.raw.query('DELETE FROM book WHERE id = $1', [book.id]); // waits for the other to be undone
    expect(await stateOf(client, book.id)).to.deep.include({ archived: true });
  },
  async withKeptTimestamps(client, n) {
    const book = await made(client, n);
    await client.sequelize.transaction((transaction) =>
      withKeptTimestamps(transaction, () =>
        client.sequelize.query(`UPDATE book SET _updated_at = '2001-01-01Z' WHERE id = ${book.id}`, { transaction }),
      ),
    );
    expect(await stateOf(client, book.id)).to.deep.equal({ archived: false, fresh: false });
  },
  async ignoreTriggers(client, n) {
    const book = await made(client, n);
    await client.sequelize.transaction((transaction) =>
      ignoreTriggers('isbn', { transaction }, () => book.update({ isbn: '2' }, { transaction })),
    );
  },
  async 'withRevision, without a transaction'(client, n) {
    const book = await made(client, n);
    await withRevision({ actor: client.name }, () => book.update({ title: `${client.name} again` }));
    expect(await lastActor(client, book.id)).to.equal(client.name);
  },
  async 'withRevision, in a transaction'(client, n) {
    const book = await made(client, n);
    await withRevision({ actor: client.name }, () =>
      client.sequelize.transaction(async (transaction) => {
        await client.sequelize.query(`UPDATE book SET title = 'raw' WHERE id = ${book.id}`, { transaction });
        await book.destroy({ transaction });
      }),
    );
    expect(await lastActor(client, book.id)).to.equal(client.name);
  },
  async 'edit_history, in raw SQL'(client, n) {
    const book = await made(client, n);
    await client.raw.query(
      `BEGIN; SET LOCAL guitars.edit_history = on; UPDATE book_history SET isbn = NULL WHERE id = ${book.id}; COMMIT`,
    );
  },
  async purge({ sequelize, models: { Shelf } }, n) {
    const shelf = await Shelf.create({ name: `junk ${n}` });
    await sequelize.transaction((transaction) =>
      withKeptTimestamps(transaction, () =>
        sequelize.query(`UPDATE shelf SET _deleted_at = '2001-01-01Z' WHERE id = ${shelf.id}`, { transaction }),
      ),
    );
    await purge(sequelize, Shelf, { archivedBefore: '1d', batch: 50 });
    expect(await Shelf.findByPk(shelf.id, { paranoid: false })).to.equal(null);
  },
};

/** What clients do who know nothing of doors: each finds all of them closed. */
export const PLAIN: Readonly<Record<string, Operation>> = {
  async 'no setting of anybody is left'(client) {
    const names = ['hard_delete', 'keep_timestamps', 'edit_history', 'revision', 'archiving', 'restoring'];
    const asked = names.map((name) => `coalesce(current_setting('guitars.${name}', true), '')`).join(' || ');
    const sql = `SELECT ${asked} AS set, current_setting('session_replication_role') AS role, current_setting('lock_timeout') AS patience`;
    const clean = { set: '', role: 'origin', patience: '0' };
    expect((await client.raw.query(sql)).rows).to.deep.equal([clean]);
    expect(await client.sequelize.query(sql, { type: QueryTypes.SELECT })).to.deep.equal([clean]);
  },
  async 'a raw DELETE archives'(client, n) {
    const book = await made(client, n);
    await client.raw.query('DELETE FROM book WHERE id = $1', [book.id]);
    expect(await stateOf(client, book.id)).to.deep.include({ archived: true });
  },
  async 'destroy, restore, undo'(client, n) {
    const book = await made(client, n);
    await book.destroy();
    await book.restore();
    await book.undo();
    expect(await stateOf(client, book.id)).to.deep.include({ archived: true });
    expect((await book.versions()).length).to.equal(4);
  },
  async 'a shelf with its books'(client, n) {
    const { Shelf, Book } = client.models;
    const shelf = await Shelf.create({ name: `${client.name} ${n}` });
    const book = await Book.create({ title: 'on it', shelf_id: shelf.id });
    expect((await shelf.previewDestroy()).soft?.takes.map(({ rows }) => rows)).to.deep.equal([1, 1]);
    await client.raw.query('DELETE FROM shelf WHERE id = $1', [shelf.id]);
    expect(await stateOf(client, book.id)).to.deep.include({ archived: true });
    expect(await Shelf.restore({ where: { id: shelf.id } })).to.equal(1);
    expect(await stateOf(client, book.id)).to.deep.include({ archived: false });
  },
  async 'times cannot be forged'(client, n) {
    const book = await made(client, n);
    await client.raw.query(`UPDATE book SET _updated_at = '1999-01-01Z' WHERE id = $1`, [book.id]);
    expect(await stateOf(client, book.id)).to.deep.equal({ archived: false, fresh: true });
  },
  async 'a trigger of the models fires'(client, n) {
    const book = await made(client, n);
    expect(await sqlstate(client.raw.query(`UPDATE book SET isbn = '9' WHERE id = $1`, [book.id]))).to.match(/^23U/);
  },
  async 'a history cannot be edited'(client, n) {
    const book = await made(client, n);
    expect(await sqlstate(client.raw.query('DELETE FROM book_history WHERE id = $1', [book.id]))).to.equal('23U01');
  },
  async 'a history has no actor'(client, n) {
    const book = await made(client, n);
    expect(await lastActor(client, book.id)).to.equal(null);
  },
  async 'feed and past'(client, n) {
    const { Book } = client.models;
    const cursor = await Book.cursor();
    const book = await made(client, n);
    const { rows } = await Book.changes(cursor);
    expect(rows.map(({ key }) => key.id)).to.include(book.id);
    expect((await Book.asOf(new Date(), { where: { id: book.id } })).length).to.equal(1);
    expect((await Book.since({ cursor }, { limit: 1 })).length).to.equal(1);
  },
  async install({ sequelize }) {
    expect((await install(sequelize)).installed).to.deep.equal([]);
  },
};
