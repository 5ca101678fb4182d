import { expect } from 'chai';
import { rows } from '../contract/world';
import { useDatabase } from '../support/database';
import { adoption, MEMBER } from './adoption';
import { useApplication } from './application';

describe('guitars adopt, of tables that are not as expected', () => {
  const db = useDatabase();
  const app = useApplication(db);
  const sql = (text: string) => db.sequelize.query(text);
  const { adopt, refused, shape } = adoption(db, app);
  const table = (columns: string) =>
    sql(
      `CREATE TABLE member (id serial PRIMARY KEY, email text, "chiefId" int REFERENCES member ON DELETE CASCADE ${columns})`,
    );
  beforeEach(async () => {
    app.models(MEMBER());
    await sql('DROP TABLE IF EXISTS member, badge CASCADE');
  });

  const times = async () =>
    (
      await rows<{ name: string }>(
        db.sequelize,
        `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'member'::regclass
      AND atttypid = 'timestamptz'::regtype ORDER BY name`,
      )
    ).map(({ name }) => name);

  it('names the models that there are', async () => {
    expect(await refused('Nobody')).to.match(/no model "Nobody". Use one of: Member/);
    expect(await refused('Member')).to.match(/table of Member does not exist/);
    expect(await refused('Member', '--batch', 'many')).to.match(/--batch takes a whole number/);
  });

  it('renames what it is told to, or nothing', async () => {
    await table(', born timestamptz NOT NULL DEFAULT now(), "updatedAt" timestamptz');
    expect(await refused('Member', '--rename', 'born=nowhere')).to.match(/a column of Member: _created_at/);
    expect(await refused('Member', '--rename', 'unborn=_created_at')).to.match(/no column "unborn"/);
    await adopt('Member', '--rename', 'born=_created_at');
    expect(await times()).to.deep.equal(['_created_at', '_deleted_at', '_updated_at']);
    expect((await adopt('Member', '--rename', 'born=_created_at')).out).to.match(/^Nothing to do/);
    await sql('DROP TABLE member CASCADE');
    await table(', created_at timestamptz');
    await adopt('Member', '--no-rename');
    expect(await times()).to.deep.equal(['_created_at', '_deleted_at', '_updated_at', 'created_at']);
  });

  it('takes the columns that the model names, where the old names are to stay', async () => {
    app.models(MEMBER(`columns: { createdAt: 'createdAt', updatedAt: 'updatedAt', deletedAt: 'deletedAt' }`));
    await table(', "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL');
    await adopt('Member');
    expect(await times()).to.deep.equal(['createdAt', 'deletedAt', 'updatedAt']);
    expect((await app.guitars('audit')).out).to.match(/^Nothing found/);
  });

  it('a row is not made after it was changed', async () => {
    await table(', updated_at timestamptz');
    await sql(`INSERT INTO member (updated_at) VALUES ('2020-01-01'), (NULL)`);
    await adopt('Member');
    const found = await rows(
      db.sequelize,
      `SELECT _created_at <= _updated_at AS fine, _created_at = '2020-01-01' AS old FROM member ORDER BY id`,
    );
    expect(found).to.deep.equal([
      { fine: true, old: true },
      { fine: true, old: false },
    ]);
  });

  it('wants times with a time zone', async () => {
    await table(', "createdAt" timestamp');
    expect(await refused('Member')).to.match(/"createdAt" of "member" is timestamp without time zone/);
  });

  it('duplicates among live rows: says which, leaves no index behind, and goes on when they are mended', async () => {
    await table('');
    await sql(`INSERT INTO member (email) VALUES ('a'), ('a')`);
    const { code, err } = await app.guitars('adopt', 'Member');
    expect(code).to.equal(2);
    expect(err).to.match(/live rows share a value.*\(email\)=\(a\) is duplicated/);
    expect(await rows(db.sequelize, 'SELECT FROM pg_index WHERE NOT indisvalid')).to.deep.equal([]);
    await sql(`UPDATE member SET email = 'b' WHERE id = 2`);
    await adopt('Member');
    expect((await app.guitars('audit')).out).to.match(/^Nothing found/);
  });

  it('an index that has the name of ours, and an invalid one, make way for it', async () => {
    await table('');
    await sql('CREATE UNIQUE INDEX member_email_unique ON member (email)');
    await adopt('Member');
    expect((await shape()).filter((line) => /UNIQUE INDEX member_email/.test(line))).to.have.length(1);
    await sql(`INSERT INTO member (email) VALUES ('a'); DELETE FROM member; INSERT INTO member (email) VALUES ('a')`);
  });

  it('keeps a unique constraint that a foreign key needs, and says how', async () => {
    await table(', UNIQUE (email)');
    await sql('CREATE TABLE badge (email text REFERENCES member (email))');
    expect(await refused('Member')).to.match(/badge_email_fkey refers to email.*uniqueAmongLive: { "email": false }/);
    app.models(MEMBER('uniqueAmongLive: { email: false }'));
    await adopt('Member');
    expect((await shape()).some((line) => /member_email_key UNIQUE/.test(line))).to.equal(true);
  });

  it('tables that are tied by keys are adopted together', async () => {
    app.models(`${MEMBER()}
class Badge extends Guitar(Model) {}
Badge.init({ memberId: DataTypes.INTEGER }, { sequelize, tableName: 'badge' });
Badge.belongsTo(Member, { as: 'member', foreignKey: 'memberId', onDelete: 'CASCADE' });`);
    await table('');
    await sql('CREATE TABLE badge (id serial PRIMARY KEY, "memberId" int REFERENCES member ON DELETE CASCADE)');
    expect(await refused('Member')).to.match(/tie Member to Badge.*guitars adopt Member Badge/);
    await adopt('Member', 'Badge');
    expect((await app.guitars('audit')).out).to.match(/^Nothing found/);
    // One that is there already can be adopted anew by itself.
    expect((await adopt('Badge')).out).to.match(/^Nothing to do/);
  });

  it('any names, a key of two columns, the trigger engine', async () => {
    app.models(`class Odd extends Guitar(Model) {}
Odd.init({ 'k $1': { type: DataTypes.UUID, primaryKey: true }, b: { type: DataTypes.TEXT, primaryKey: true, field: 'B b' },
  mail: { type: DataTypes.TEXT, unique: true, field: 'É :mail' } },
  { sequelize, schema: 'Odd $1', tableName: 'täble $2', guitar: { engine: 'trigger', columns: { createdAt: 'made at' } } });`);
    await sql('CREATE SCHEMA "Odd $1"');
    const name = '"Odd $1"."täble $2"';
    await sql(
      `CREATE TABLE ${name} ("k $1" uuid, "B b" text, "É :mail" text UNIQUE, "created_at" timestamptz, PRIMARY KEY ("k $1", "B b"))`,
    );
    await sql(`INSERT INTO ${name} SELECT gen_random_uuid(), n, n FROM generate_series(1, 3000) AS n`);
    await adopt('Odd', '--batch', '1000');
    expect((await app.guitars('audit')).out).to.match(/^Nothing found/);
    await sql(`DELETE FROM ${name} WHERE "É :mail" = '7'; INSERT INTO ${name} VALUES (gen_random_uuid(), 'x', '7')`);
    const [row] = await rows(
      db.sequelize,
      `SELECT count(*)::int AS held, count("made at")::int AS made, count(_deleted_at)::int AS gone FROM ${name}`,
    );
    expect(row).to.deep.equal({ held: 3001, made: 3001, gone: 1 });
    const purged = JSON.parse((await app.guitars('purge', 'Odd', '--archived-before', '0m', '--json')).out);
    expect(purged.tables).to.deep.equal([{ schema: 'Odd $1', table: 'täble $2', rows: 1 }]);
  });
});
