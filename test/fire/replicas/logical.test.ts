import { expect } from 'chai';
import pg from 'pg';
import { Sequelize } from 'sequelize';
import { audit, GuitarsError, install, uninstall } from '../../../lib';
import { refusal, sqlstate } from '../../contract/world';
import { Random } from '../../support/random';
import { type Cluster, type PostgresServer, startCluster } from '../../support/server';
import { amount, figures, SEED } from '../support/form';
import { brokenPromises } from './support/integrity';
import { defineLibrary } from './support/models';
import { asked, until } from './support/standby';

const OPERATIONS = amount(60, 3000, 'GUITARS_LOGICAL_OPERATIONS');
const ROWS = {
  shelf: 'SELECT id, name, _version, _created_at, _updated_at, _deleted_at, _deletion FROM shelf ORDER BY id',
  book: 'SELECT id, title, shelf_id, _version, _created_at, _updated_at, _deleted_at, _deletion FROM book ORDER BY id',
};
const HISTORY = 'SELECT * FROM shelf_history ORDER BY _entry';

describe('logical replication', () => {
  let server: PostgresServer & { readonly cluster: Cluster };
  const opened: { close(): Promise<void> }[] = [];
  const clients = new Map<string, pg.Client>();
  const admin = (name: string) => new URL(server.url(name, 'admin'));
  const pool = (name: string) => {
    const sequelize = new Sequelize(server.url(name), { logging: false });
    opened.push(sequelize);
    return { sequelize, ...defineLibrary(sequelize) };
  };
  const client = (name: string) => clients.get(name) as pg.Client;
  const rows = async (name: string, sql: string) => (await client(name).query(sql)).rows;

  /** A subscription to a publication of the same server; there the slot has to be made by itself, and first. */
  async function subscribe(name: string, publication: string): Promise<void> {
    await asked(admin('publisher'), `SELECT pg_create_logical_replication_slot('${name}', 'pgoutput')`);
    await asked(
      admin(name),
      `CREATE SUBSCRIPTION ${name} CONNECTION '${admin('publisher').href}' PUBLICATION ${publication} WITH (create_slot = false, slot_name = ${name})`,
    );
    await until(admin(name), `NOT EXISTS (SELECT FROM pg_subscription_rel WHERE srsubstate <> 'r')`);
  }
  async function caughtUp(name: string): Promise<void> {
    const [row] = await asked<{ lsn: string }>(admin('publisher'), 'SELECT pg_current_wal_lsn()::text AS lsn');
    await until(
      admin('publisher'),
      `(SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '${name}') >= '${row?.lsn}'`,
    );
  }

  before(async () => {
    server = await startCluster({ settings: { wal_level: 'logical', max_logical_replication_workers: '8' } });
    for (const name of ['publisher', 'enforced', 'plain', 'told']) {
      await server.createDatabase(name);
      const made = new pg.Client({ connectionString: server.url(name) });
      made.on('error', () => {});
      await made.connect();
      clients.set(name, made);
      opened.push({ close: () => made.end() });
      await pool(name).sequelize.sync();
    }
    // The same columns, and nothing that enforces.
    for (const table of ['shelf', 'book']) {
      const triggers = await rows(
        'plain',
        `SELECT tgname FROM pg_trigger WHERE tgrelid = '${table}'::regclass AND NOT tgisinternal`,
      );
      for (const { tgname } of triggers) await client('plain').query(`DROP TRIGGER "${tgname}" ON ${table}`);
    }
    await client('plain').query('DROP RULE guitars_soft_delete ON shelf');
    const { Shelf, Book } = pool('publisher');
    const first = await Shelf.create({ name: 'copied' });
    await Book.create({ title: 'a', shelf_id: first.id });
    await first.destroy();
    await asked(admin('publisher'), 'CREATE PUBLICATION data FOR TABLE app.shelf, app.book');
    await asked(
      admin('publisher'),
      'CREATE PUBLICATION everything FOR TABLE app.shelf, app.book, app.shelf_history, app.book_history',
    );
    for (const name of ['enforced', 'plain']) await subscribe(name, 'data');
    await subscribe('told', 'everything');
  });
  after(async () => {
    // A slot that is in use, and a subscription that has one, would have the server wait as it stops.
    for (const name of ['enforced', 'plain', 'told'])
      await asked(admin(name), `ALTER SUBSCRIPTION ${name} DISABLE`).catch(() => undefined);
    await Promise.allSettled(opened.map((each) => each.close()));
    await server?.stop();
  });

  it('the same rows and times at subscribers, with enforcement and without; no trigger fires twice', async () => {
    const seed = SEED ?? Date.now() % 2 ** 31;
    const random = new Random(seed);
    const { Shelf, Book } = pool('publisher');
    for (let n = 0; n < OPERATIONS; n++) {
      const shelf = await Shelf.create({ name: `${n}` });
      await Book.bulkCreate([
        { title: '1', shelf_id: shelf.id },
        { title: '2', shelf_id: shelf.id },
      ]);
      const kind = random.below(5);
      if (kind === 1) await client('publisher').query(`DELETE FROM book WHERE shelf_id = ${shelf.id} AND title = '2'`);
      if (kind > 0) await client('publisher').query(`DELETE FROM shelf WHERE id = ${shelf.id}`);
      if (kind > 2) await Shelf.restore({ where: { id: shelf.id } });
      if (kind === 4) await shelf.hardDelete();
    }
    for (const name of ['enforced', 'plain', 'told']) {
      await caughtUp(name);
      for (const sql of Object.values(ROWS))
        expect(await rows(name, sql), `${name}, seed ${seed}`).to.deep.equal(await rows('publisher', sql));
    }
    expect(await rows('told', HISTORY)).to.deep.equal(await rows('publisher', HISTORY));
    expect(await brokenPromises(client('told'))).to.deep.equal({});
    // What is applied fires no trigger: the history of a subscriber that is not sent one stays as it was.
    expect(await rows('enforced', HISTORY)).to.deep.equal([]);
    figures('replicas-logical', {
      seed,
      operations: OPERATIONS,
      shelves: (await rows('enforced', ROWS.shelf)).length,
      subscribers: 3,
      differing: 0,
    });
  });

  it('what is written at a subscriber itself is enforced there', async () => {
    const local = client('enforced');
    await local.query(`INSERT INTO shelf (id, name) VALUES (1000000, 'local')`);
    await local.query(`INSERT INTO book (id, title, shelf_id) VALUES (1000000, 'local', 1000000)`);
    await local.query('DELETE FROM shelf WHERE id = 1000000');
    expect(
      await rows('enforced', 'SELECT _deleted_at IS NOT NULL AS archived FROM book WHERE id = 1000000'),
    ).to.deep.equal([{ archived: true }]);
    expect(
      await sqlstate(local.query(`INSERT INTO book (id, title, shelf_id) VALUES (1000001, 'x', 1000000)`)),
    ).to.equal('23503');
    expect((await audit(pool('enforced').sequelize)).findings).to.deep.equal([]);
  });

  it('a subscriber that takes over has a baseline of its rows after uninstall and install', async () => {
    await asked(admin('enforced'), 'ALTER SUBSCRIPTION enforced DISABLE');
    const { sequelize, Shelf } = pool('enforced');
    await uninstall(sequelize);
    await install(sequelize);
    const [shelf] = await Shelf.findAll({ limit: 1, order: ['id'] });
    expect((await shelf?.versions())?.map(({ operation }) => operation)).to.deep.equal(['baseline']);
  });

  it('a subscriber that is sent a history goes on with it once its sequence is set', async () => {
    await asked(admin('told'), 'ALTER SUBSCRIPTION told DISABLE');
    const local = client('told');
    for (const table of ['shelf_history', 'book_history'])
      await local.query(
        `SELECT setval(pg_get_serial_sequence('${table}', '_entry'), (SELECT max(_entry) FROM ${table}))`,
      );
    for (const table of ['shelf', 'book'])
      await local.query(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`);
    const { Shelf } = pool('told');
    for (const ask of [Shelf.cursor(), Shelf.changes()]) {
      const error = await refusal(ask);
      expect(error).to.be.instanceOf(GuitarsError);
      expect(error.message).to.include('filled by a subscription');
    }
    await asked(admin('told'), 'ALTER SUBSCRIPTION told SET (slot_name = NONE)');
    await asked(admin('told'), 'DROP SUBSCRIPTION told');
    const cursor = await Shelf.cursor();
    const shelf = await Shelf.create({ name: 'after' });
    expect((await Shelf.changes(cursor)).rows.map(({ key }) => key.id)).to.deep.equal([shelf.id]);
    await shelf.destroy();
    expect((await shelf.versions()).map(({ operation }) => operation)).to.deep.equal(['insert', 'archive']);
    expect(await brokenPromises(local)).to.deep.equal({});
  });
});
