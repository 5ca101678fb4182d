import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type pg from 'pg';
import { Sequelize } from 'sequelize';
import { createUmzug } from '../../lib';
import { takeTurn } from '../../lib/migrations/run/turn';
import { number } from '../contract/world';
import { useDatabase } from '../support/database';

describe('one deployer at a time', () => {
  const db = useDatabase();
  const locks = () =>
    number(
      db.sequelize,
      `SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );

  it('the next one waits, and holds up nobody who indexes CONCURRENTLY meanwhile', async () => {
    const release = await takeTurn(db.sequelize, 'turn');
    let hears = () => {};
    const waiting = new Promise<void>((resolve) => {
      hears = resolve;
    });
    const next = takeTurn(db.sequelize, 'turn', () => hears());
    await waiting;
    const client = await db.client();
    await client.query('CREATE TABLE large (id int)');
    await client.query(`SET statement_timeout = '20s'`);
    await client.query('CREATE INDEX CONCURRENTLY ON large (id)');
    await release();
    await (await next)();
    expect(await locks()).to.equal(0);
  });

  it('it may take longer than the database lets others be idle', async () => {
    const admin = await db.client();
    for (const name of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'])
      await admin.query(`ALTER DATABASE "${db.name}" SET ${name} = '250ms'`);
    const release = await takeTurn(db.sequelize, 'turn');
    await admin.query('SELECT pg_sleep(0.5)');
    expect(await locks()).to.equal(1);
    await release();
    for (const name of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'])
      await admin.query(`ALTER DATABASE "${db.name}" RESET ${name}`);
  });

  it('two commands of one Umzug leave no lock behind, however slowly the first one’s connection ends', async () => {
    const { sequelize } = db;
    const umzug = createUmzug(sequelize, {
      migrations: [{ name: 'slow', up: () => pause(1200), down: () => pause(1200) }],
    });
    const manager = sequelize.connectionManager as unknown as { _connect(config: unknown): Promise<pg.Client> };
    const connect = manager._connect;
    manager._connect = async (config) => {
      const client = await connect.call(manager, config);
      const end = client.end.bind(client) as (...args: unknown[]) => Promise<void>;
      client.end = async (...args: unknown[]) => {
        if (args.length === 0) await pause(600);
        return end(...args);
      };
      return client;
    };
    await Promise.all([umzug.up(), umzug.down()]);
    manager._connect = connect;
    expect(await locks()).to.equal(0);
  });

  it('a command that comes while another of the same Umzug runs waits for it', async () => {
    let ran = 0;
    let begun = () => {};
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow = async () => {
      ran++;
      // A command within a command is part of it.
      await umzug.executed();
      begun();
      await pause(600);
    };
    const umzug = createUmzug(db.sequelize, { migrations: [{ name: 'once', up: slow }], tableName: 'once' });
    const first = umzug.up();
    await running;
    const second = await umzug.up();
    expect((await first).map(({ name }) => name)).to.include('once');
    expect([ran, second]).to.deep.equal([1, []]);
  });

  it('a migration that runs another Umzug has the turn already, and those that it runs at once wait for each other', async () => {
    let ran = 0;
    const count = async () => void ran++;
    const inner = createUmzug(db.sequelize, { migrations: [{ name: 'inner', up: count }], tableName: 'inner' });
    const up = () => Promise.all([inner.up(), inner.up()]);
    const outer = createUmzug(db.sequelize, { migrations: [{ name: 'outer', up }], tableName: 'outer' });
    expect((await outer.up()).map(({ name }) => name)).to.include('outer');
    expect((await inner.executed()).map(({ name }) => name)).to.include('inner');
    expect([ran, await locks()]).to.deep.equal([1, 0]);
  });

  it('what a migration set off and did not wait for takes its own turn', async () => {
    const order: string[] = [];
    const ended = new EventEmitter();
    const late = createUmzug(db.sequelize, {
      migrations: [{ name: 'late', up: async () => void order.push('late') }],
      tableName: 'late',
    });
    let running: Promise<unknown> | undefined;
    const up = async () => {
      running = once(ended, 'end').then(() => late.up());
    };
    await createUmzug(db.sequelize, { migrations: [{ name: 'early', up }], tableName: 'early' }).up();
    const release = await takeTurn(db.sequelize, 'guitars.migrate');
    ended.emit('end');
    await pause(400);
    order.push('another');
    await release();
    await running;
    expect(order).to.deep.equal(['another', 'late']);
  });

  it('it is taken where Sequelize writes, of which the option replication may say no more than the host', async () => {
    const { hostname, port, username, password } = new URL(db.url);
    const place = { host: hostname, port };
    const sequelize = new Sequelize(db.name, username, decodeURIComponent(password), {
      dialect: 'postgres',
      logging: false,
      replication: { read: [place], write: place },
    });
    try {
      const release = await takeTurn(sequelize, 'turn');
      expect(await locks()).to.equal(1);
      await release();
    } finally {
      await sequelize.close();
    }
  });
});
