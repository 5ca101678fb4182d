import { expect } from 'chai';
import { number, rows } from '../contract/world';
import { useDatabase } from '../support/database';
import { adoption, MEMBER } from './adoption';
import { useApplication } from './application';
import { Writer } from './writer';

const ROWS = 1_000_000;
/** What a write may wait for at most, in milliseconds. */
const PATIENCE = 2000;

describe('guitars adopt, of 1,000,000 rows that are written to', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const { adopt } = adoption(db, app);

  it('makes no write wait long, loses none, and fills every row', async function () {
    app.models(MEMBER());
    // Times that an application of old forgot at times: they have to be filled, row by row.
    await db.sequelize.query(`CREATE TABLE member (id serial PRIMARY KEY, email text UNIQUE,
      "chiefId" int REFERENCES member ON DELETE CASCADE, created_at timestamptz, updated_at timestamptz)`);
    await db.sequelize.query(`INSERT INTO member (email, created_at) SELECT 'm' || n, CASE WHEN n % 10 = 0 THEN '2020-01-01'::timestamptz END
      FROM generate_series(1, ${ROWS}) AS n`);
    const writers = [new Writer(await db.client(), 'one', ROWS), new Writer(await db.client(), 'two', ROWS)];
    const writing = writers.map((writer) => writer.run());
    const run = await adopt('Member');
    for (const writer of writers) writer.stop();
    await Promise.all(writing);

    // The figure, for who reads the run.
    const longest = Math.round(Math.max(...writers.map((writer) => writer.longest)));
    if (this.test)
      this.test.title += ` (longest of ${writers.reduce((n, { writes }) => n + writes, 0)} waits: ${longest} ms)`;
    expect(run.err).to.match(/fill the times of member: [\d,]+ of [\d,]+ rows/);
    for (const writer of writers) {
      expect(writer.writes).to.be.greaterThan(200);
      expect(writer.longest).to.be.lessThan(PATIENCE);
      expect(await writer.lost()).to.deep.equal([]);
    }
    expect(
      await number(db.sequelize, 'SELECT count(*) AS n FROM member WHERE _created_at IS NULL OR _updated_at IS NULL'),
    ).to.equal(0);
    expect(
      await number(db.sequelize, `SELECT count(*) AS n FROM member WHERE _created_at = '2020-01-01' AND id <= ${ROWS}`),
    ).to.equal(ROWS / 10);
    expect((await app.guitars('audit')).out).to.match(/^Nothing found/);
    expect(await rows(db.sequelize, 'SELECT FROM pg_index WHERE NOT indisvalid')).to.deep.equal([]);
  }).timeout(300_000);
});
