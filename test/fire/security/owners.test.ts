import { expect } from 'chai';
import { eachEngine, live } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { defineVault, empty } from './support/world';

/** Tables and functions of several owners, none of whom is a member of another. */
eachEngine('security: several owners', (engine) => {
  const db = useDatabase();
  const role = () => `"other_${db.name}"`;
  const own = () => `"${new URL(db.url).username}"`;
  const query = (sql: string) => db.sequelize.query(sql);
  const admin = async (sql: string) => (await db.admin()).query(`SET search_path = app; ${sql}`);

  before(async () => {
    defineVault(db.sequelize, engine);
    await db.sequelize.sync();
  });
  beforeEach(async () => {
    await admin(`CREATE ROLE ${role()}; GRANT ALL ON SCHEMA app, guitars TO ${role()}`);
    await query('INSERT INTO owner (id) VALUES (1); INSERT INTO account (id, owner_id) VALUES (1, 1)');
  });
  // The database's `after` runs before one of ours would.
  afterEach(async () => {
    await admin(`REASSIGN OWNED BY ${role()} TO ${own()}; DROP OWNED BY ${role()}; DROP ROLE ${role()}`);
    await empty(db.sequelize);
  });

  /** R1: what a deletion has taken along comes back with it. */
  const exact = async () => {
    await query('DELETE FROM owner');
    expect(await live(db.sequelize, 'account')).to.equal(0);
    await query('UPDATE owner SET _deleted_at = NULL');
    expect(await live(db.sequelize, 'account')).to.equal(1);
  };

  it('R1 the tables go to somebody else, the functions do not', async () => {
    const tables = ['owner', 'account', 'bank', 'lien'];
    for (const table of tables) await admin(`ALTER TABLE ${table} OWNER TO ${role()}`);
    await admin(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${tables.join(', ')} TO ${own()}`);
    await exact();
  });

  it('R1 the functions go to a role of PostgreSQL’s own, the tables to somebody else', async () => {
    const { rows } = await (await db.admin()).query<{ name: string }>(
      `SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'guitars'::regnamespace AND prosecdef`,
    );
    const give = (to: string) => rows.map(({ name }) => `ALTER FUNCTION ${name} OWNER TO ${to}`).join('; ');
    const tables = ['owner', 'account', 'bank', 'lien'];
    const all = tables.join(', ');
    for (const table of tables) await admin(`ALTER TABLE ${table} OWNER TO ${role()}`);
    await admin(`${give('pg_database_owner')}; GRANT SELECT, INSERT, UPDATE, DELETE ON ${all} TO ${own()}, pg_database_owner;
      GRANT ALL ON ALL SEQUENCES IN SCHEMA guitars TO pg_database_owner; GRANT ALL ON ALL TABLES IN SCHEMA guitars TO pg_database_owner;
      GRANT USAGE ON SCHEMA app TO pg_database_owner`);
    await exact();
    await admin(`${give(own())}; REVOKE ALL ON ${all} FROM pg_database_owner; REVOKE ALL ON SCHEMA app FROM pg_database_owner;
      REVOKE ALL ON ALL SEQUENCES IN SCHEMA guitars FROM pg_database_owner; REVOKE ALL ON ALL TABLES IN SCHEMA guitars FROM pg_database_owner`);
  });

  it('R1 a cascade runs as somebody who has no more on the children than it does', async () => {
    const called = `SELECT tgfoid::regprocedure AS name FROM pg_trigger WHERE tgrelid = 'owner'::regclass AND tgname = 'guitars_cascade'`;
    const { rows } = await admin(called).then((results) => [results].flat().at(-1) as { rows: { name: string }[] });
    await admin(`ALTER FUNCTION ${rows[0]?.name} OWNER TO ${role()};
      GRANT SELECT, UPDATE ON owner, account, bank TO ${role()}; GRANT SELECT ON lien TO ${role()};
      GRANT ALL ON ALL SEQUENCES IN SCHEMA guitars TO ${role()}`);
    await exact();
  });
});
