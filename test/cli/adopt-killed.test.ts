import { expect } from 'chai';
import { number, rows } from '../contract/world';
import { useDatabase } from '../support/database';
import { adoption, MEMBER } from './adoption';
import { useApplication } from './application';

const ROWS = 20_000;

/** Each run is killed when it begins this step, in this order: each goes on where the one before was. */
const STEPS = [
  'create the shared functions',
  'rename the column created_at',
  'add the column _deleted_at',
  'set the default of _updated_at',
  'fill times that an INSERT',
  'fill the times',
  'refuse NULL',
  'see that no row',
  'make the times NOT NULL',
  'drop the CHECK',
  'build the index',
  'put the index',
  'drop member_email_key',
  'build an index of the foreign key',
  'install enforcement',
];

describe('guitars adopt, killed', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const sql = (text: string) => db.sequelize.query(text);
  const { adopt, shape, start } = adoption(db, app);
  let undisturbed: string[] = [];

  before(async () => {
    app.models(MEMBER());
    await table();
    await adopt('Member');
    undisturbed = await shape();
  });
  beforeEach(async () => {
    await sql('DROP SCHEMA guitars CASCADE; DROP TABLE member CASCADE');
    await table();
  });

  async function table() {
    await sql(`CREATE TABLE member (id serial PRIMARY KEY, email text UNIQUE,
      "chiefId" int REFERENCES member ON DELETE CASCADE, created_at timestamptz, updated_at timestamptz)`);
    await sql(`INSERT INTO member (email, created_at) SELECT 'm' || n, CASE WHEN n % 10 = 0 THEN '2020-01-01'::timestamptz END
      FROM generate_series(1, ${ROWS}) AS n`);
  }

  async function complete() {
    expect(await shape()).to.deep.equal(undisturbed);
    expect((await app.guitars('audit')).out).to.match(/^Nothing found/);
    expect(await number(db.sequelize, 'SELECT count(*) AS n FROM member WHERE _deleted_at IS NULL')).to.equal(ROWS);
    expect(
      await number(
        db.sequelize,
        `SELECT count(*) AS n FROM member WHERE _created_at = '2020-01-01' AND email = 'm' || id`,
      ),
    ).to.equal(ROWS / 10);
    expect((await adopt('Member')).out).to.match(/^Nothing to do/);
  }

  it('at every step, one run after the other, ends where an undisturbed run ends', async () => {
    let reached = 0;
    for (const step of STEPS) {
      const run = start('Member', '--batch', '500');
      if ((await run.said(step)).includes(step)) reached++;
      await run.kill();
    }
    // The server finishes a statement whose client was killed, so that a step may be done before it was to be killed.
    expect(reached).to.be.greaterThan(STEPS.length / 2);
    await adopt('Member');
    await complete();
  });

  it('in the midst of the backfill, has filled whole batches, and goes on from there', async () => {
    const holder = await db.client();
    const run = start('Member', '--batch', '500');
    // Later than the changes of the table, which a row that is held would hold up too.
    await run.said('fill times that an INSERT');
    await holder.query(`BEGIN; SELECT FROM member WHERE id = ${ROWS} FOR UPDATE`);
    expect(await run.said('1 rows are held')).to.include('1 rows are held');
    await run.kill();
    expect(await number(db.sequelize, 'SELECT count(*) AS n FROM member WHERE _updated_at IS NULL')).to.equal(1);
    const times = 'SELECT count(DISTINCT _updated_at) AS n FROM member';
    const before = await number(db.sequelize, times);
    expect(before).to.equal(ROWS / 500);
    await holder.query('ROLLBACK');
    await adopt('Member');
    expect(await number(db.sequelize, times)).to.equal(before + 1);
    await complete();
  });

  it('in the midst of CREATE INDEX CONCURRENTLY, builds the invalid index anew', async () => {
    const holder = await db.client();
    // A transaction older than the index has to be waited for; one that has touched the table would hold up its changes.
    const run = start('Member');
    await run.said('fill the times');
    await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT');
    const builder = `SELECT pid FROM pg_stat_activity WHERE query LIKE 'CREATE UNIQUE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'
      AND datname = current_database()`;
    let found: { pid: number }[] = [];
    while (found.length === 0 && run.child.exitCode === null)
      found = await rows<{ pid: number }>(db.sequelize, builder);
    await run.kill();
    await sql(`SELECT pg_terminate_backend(${found[0]?.pid})`);
    while ((await rows(db.sequelize, `SELECT FROM pg_stat_activity WHERE pid = ${found[0]?.pid}`)).length > 0);
    await holder.query('ROLLBACK');
    expect(await rows(db.sequelize, 'SELECT FROM pg_index WHERE NOT indisvalid')).to.have.length(1);
    await adopt('Member');
    await complete();
  });

  it('while another runs, waits for it', async () => {
    const holder = await db.client();
    await holder.query('BEGIN; LOCK TABLE member IN ROW EXCLUSIVE MODE');
    const first = start('Member');
    await first.said('busy');
    const second = start('Member');
    await second.said('Waiting for another');
    await holder.query('ROLLBACK');
    expect([await first.ended, await second.ended]).to.deep.equal([0, 0]);
    expect(second.out()).to.match(/^Nothing to do/);
    await complete();
  });
});
