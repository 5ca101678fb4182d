import { expect } from 'chai';
import { held, live, number, rows } from '../contract/world';
import { useDatabase } from '../support/database';
import { adoption, MEMBER } from './adoption';
import { useApplication } from './application';

describe('guitars adopt', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const sql = (text: string) => db.sequelize.query(text);
  const { adopt, shape } = adoption(db, app);
  before(() => app.models(MEMBER()));
  beforeEach(() => sql('DROP TABLE IF EXISTS member CASCADE'));

  it('takes over an empty table that knows nothing', async () => {
    await sql(
      'CREATE TABLE member (id serial PRIMARY KEY, email text, "chiefId" int REFERENCES member ON DELETE CASCADE)',
    );
    await adopt('Member');
    expect((await app.guitars('audit')).out).to.match(/^Nothing found/);
    expect((await app.guitars('adopt', 'Member')).out).to.equal('Nothing to do: Member is adopted.\n');
    await sql(`INSERT INTO member (email) VALUES ('a')`);
    await sql('DELETE FROM member');
    expect([await live(db.sequelize, 'member'), await held(db.sequelize, 'member')]).to.deep.equal([0, 1]);
  });

  it('takes over one that Sequelize made, with its times and its unique constraint', async () => {
    await sql(`CREATE TABLE member (id serial PRIMARY KEY, email text UNIQUE, "chiefId" int REFERENCES member ON DELETE CASCADE,
      "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL, "deletedAt" timestamptz)`);
    await sql(`INSERT INTO member (email, "createdAt", "updatedAt", "deletedAt")
      VALUES ('a', '2020-01-01', '2020-01-02', NULL), ('b', '2020-02-01', '2020-02-02', '2020-02-03')`);
    await adopt('Member');
    expect((await app.guitars('audit')).out).to.match(/^Nothing found/);
    expect(
      await rows(
        db.sequelize,
        `SELECT email, _created_at::date::text AS made, _updated_at::date::text AS changed, _deleted_at::date::text AS gone FROM member ORDER BY email`,
      ),
    ).to.deep.equal([
      { email: 'a', made: '2020-01-01', changed: '2020-01-02', gone: null },
      { email: 'b', made: '2020-02-01', changed: '2020-02-02', gone: '2020-02-03' },
    ]);
    // Unique among live rows only, by the one index.
    await sql(`INSERT INTO member (email) VALUES ('b')`);
    expect((await shape()).filter((line) => /UNIQUE/.test(line))).to.have.length(2);
  });

  it('--plan prints the steps and changes nothing', async () => {
    await sql('CREATE TABLE member (id serial PRIMARY KEY, email text UNIQUE, "chiefId" int, created_at timestamptz)');
    const before = await shape();
    const { code, out, err } = await app.guitars('adopt', 'Member', '--plan');
    expect([code, err]).to.deep.equal([0, '']);
    expect(out).to.contain('ALTER TABLE "app"."member" RENAME COLUMN "created_at" TO "_created_at";');
    expect(out)
      .to.match(/CREATE UNIQUE INDEX CONCURRENTLY/)
      .and.match(/VALIDATE CONSTRAINT/);
    expect(await shape()).to.deep.equal(before);
    const json = JSON.parse((await app.guitars('adopt', 'Member', '--plan', '--json')).out);
    expect(json.planned).to.equal(true);
    expect(json.steps[0]).to.have.keys('table', 'title', 'sql');
    expect(await shape()).to.deep.equal(before);
    await adopt('Member');
    expect(await number(db.sequelize, 'SELECT count(*) AS n FROM member')).to.equal(0);
  });
});
