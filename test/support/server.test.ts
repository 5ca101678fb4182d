import { expect } from 'chai';
import { useDatabase } from './database';

describe('the test server', () => {
  const database = useDatabase();

  it('lets the application in as a role with no privileges, to a database of its own', async () => {
    const [row] = (
      await (
        await database.client()
      ).query(
        `SELECT rolsuper OR rolcreatedb OR rolcreaterole AS privileged, current_database() AS name, current_schema() AS schema,
                (SELECT datdba = r.oid FROM pg_database WHERE datname = current_database()) AS owner
           FROM pg_roles r WHERE rolname = current_user`,
      )
    ).rows;
    expect(row).to.deep.equal({ privileged: false, name: database.name, schema: 'app', owner: true });
  });

  it('gives Sequelize the same database, and more pools on it', async () => {
    const elsewhere = database.connect({ pool: { max: 1 } });
    await database.sequelize.query('CREATE TABLE things (id int)');
    await elsewhere.query('INSERT INTO app.things VALUES (1)');
    expect((await database.sequelize.query('SELECT id FROM things'))[0]).to.deep.equal([{ id: 1 }]);
  });

  it('lets the administrator into the same database', async () => {
    const { rows } = await (await database.admin()).query('SELECT current_database() AS name, current_user AS role');
    expect(rows).to.deep.equal([{ name: database.name, role: database.server.admin.user }]);
  });

  it('knows its version', () => expect(database.server.versionNum).to.be.at.least(130000));

  it('copies a database from another', async () => {
    const source = await database.server.createDatabase();
    const copy = await database.server.createDatabase(undefined, source);
    await database.server.dropDatabase(copy);
    await database.server.dropDatabase(source);
  });
});

describe('useDatabase', () => {
  const database = useDatabase();
  let early: unknown;
  try {
    database.sequelize;
  } catch (error) {
    early = error;
  }

  it('says so when it is used too early', () => {
    expect(early).to.be.an('error').with.property('message').that.includes('only from before() to after()');
  });
});
