import { expect } from 'chai';
import pg from 'pg';
import { Sequelize } from 'sequelize';
import { connected, ownConnection } from '../../../lib/enforcement/ownConnection';
import { takeTurn } from '../../../lib/migrations/run/turn';
import { useApplication } from '../../cli/application';
import { refusal } from '../../contract/world';
import { type TestDatabase, useDatabase } from '../../support/database';
import { type Bouncer, lacking, startBouncer } from './support/bouncer';
import { defineLibrary } from './support/models';

const MODELS = `class Shelf extends Guitar(Model) {}
Shelf.init({ name: DataTypes.TEXT }, { sequelize, modelName: 'Shelf', tableName: 'shelf' });`;
const TABLE = `CREATE TABLE shelf (id serial PRIMARY KEY, name text, _created_at timestamptz NOT NULL DEFAULT now(),
  _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz)`;

describe(`what deploys, by way of PgBouncer${lacking()}`, () => {
  const db = useDatabase();
  const bouncers: Record<string, Bouncer> = {};
  const through = (mode: string) => (bouncers[mode] as Bouncer).through(db.url);
  // What the commands connect to is the pooler.
  const app = useApplication({
    get url() {
      return through('transaction');
    },
  } as TestDatabase);
  const opened: Sequelize[] = [];
  const pool = (mode: string) => {
    const made = new Sequelize(through(mode), { logging: false });
    opened.push(made);
    return made;
  };
  /** Advisory locks, and what is set in the sessions that the pooler lends to everybody. */
  const left = async () => {
    const { rows } = await (await db.client()).query(
      `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    const client = new pg.Client({ connectionString: through('transaction') });
    await client.connect();
    const set = await client.query(
      `SELECT name FROM pg_settings WHERE source = 'session' AND name NOT IN ('client_encoding', 'application_name', 'TimeZone',
        'DateStyle', 'standard_conforming_strings', 'client_min_messages', 'transaction_isolation')`,
    );
    await client.end();
    return [rows[0].n, set.rows.map(({ name }) => name)];
  };

  before(async function () {
    if (lacking()) this.skip();
    for (const mode of ['session', 'transaction', 'statement'] as const)
      bouncers[mode] = await startBouncer(db.server, { mode });
  });
  after(async () => {
    await Promise.allSettled(opened.map((each) => each.close()));
    await Promise.allSettled(Object.values(bouncers).map((each) => each.stop()));
  });

  it('the commands work in transaction mode, two deployers at once too, and leave neither locks nor settings behind', async () => {
    await db.sequelize.query(TABLE);
    app.models(MODELS);
    await app.guitars('make');
    const runs = await Promise.all([app.guitars('migrate', 'up'), app.guitars('migrate', 'up')]);
    expect(
      runs.map(({ code }) => code),
      runs.map(({ err }) => err).join(''),
    ).to.deep.equal([0, 0]);
    expect(runs.map(({ out }) => out).sort()).to.deep.equal([
      '1 migration ran.\n',
      'Nothing to do: every migration has run.\n',
    ]);
    for (const command of [['audit'], ['ls'], ['install'], ['purge', 'Shelf', '--archived-before', '1d']]) {
      const { code, err, out } = await app.guitars(...command);
      expect(code, `${command} ${out} ${err}`).to.equal(0);
    }
    expect(await left()).to.deep.equal([0, []]);
  });

  it('adopt wants a session of its own, and says so before it does anything', async () => {
    const { code, err } = await app.guitars('adopt', 'Shelf', '--plan');
    expect(code).not.to.equal(0);
    expect(err).to.include('a pooler in transaction mode').and.to.include('Connect to PostgreSQL itself');
    expect(await left()).to.deep.equal([0, []]);
    expect(await refusal(ownConnection(pool('statement')))).to.have.property('name', 'GuitarsError');
    await (await ownConnection(pool('session'))).end();
    await (await ownConnection(db.sequelize)).end();
  });

  it('one at a time in transaction mode, whichever session each has been lent', async () => {
    const sequelize = pool('transaction');
    let hears = () => {};
    const waiting = new Promise<void>((resolve) => {
      hears = resolve;
    });
    const release = await takeTurn(sequelize, 'turn');
    const next = takeTurn(sequelize, 'turn', () => hears());
    await waiting;
    // There are two sessions. Who waits leaves the other to whoever has the turn.
    await sequelize.query('SELECT 1');
    await release();
    await (await next)();
    // One that is cut, as by the end of its process, holds nobody up.
    const cut = await connected(sequelize);
    await cut.query('BEGIN');
    await cut.query(`SELECT pg_advisory_xact_lock(hashtext('turn'))`);
    (cut as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    await (await takeTurn(sequelize, 'turn'))();
    expect(await left()).to.deep.equal([0, []]);
  });

  it('statement mode archives, and refuses loudly what takes a transaction', async () => {
    const direct = db.connect();
    defineLibrary(direct);
    await direct.sync();
    const { Shelf } = defineLibrary(pool('statement'));
    const shelf = await Shelf.create({ name: 'a' });
    await shelf.destroy();
    expect(await Shelf.archives.count()).to.equal(1);
    const error = await refusal(shelf.hardDelete());
    expect(error.message).to.include('transaction blocks not allowed');
    expect(await Shelf.archives.count()).to.equal(1);
  });
});
