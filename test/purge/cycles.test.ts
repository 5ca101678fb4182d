import { expect } from 'chai';
import { purge } from '../../lib';
import { useDatabase } from '../support/database';
import { both, define, ids, OLD, told } from './world';

const ACTIONS = ['CASCADE', 'NO ACTION', 'RESTRICT', 'SET NULL'] as const;

describe('purge: keys that go round in a circle', () => {
  const db = useDatabase();
  const sql = (text: string) => db.sequelize.query(text);
  let Person: ReturnType<typeof define>;
  before(async () => {
    Person = define(db.sequelize, 'person', ['home']);
    const Address = define(db.sequelize, 'address', ['person']);
    Address.belongsTo(Person, { as: 'of', foreignKey: 'person', onDelete: 'CASCADE' });
    await db.sequelize.sync();
    await sql('ALTER TABLE address DROP CONSTRAINT address_person_fkey; CREATE TABLE diary (person int)');
  });
  beforeEach(() =>
    sql(`INSERT INTO person (id, home, _deleted_at) SELECT n, 10 + n, ${OLD} FROM generate_series(1, 2) AS n; INSERT INTO person (id) VALUES (3);
      INSERT INTO address (id, person, _deleted_at) VALUES (11, 1, ${OLD}), (12, 2, ${OLD}), (13, 2, ${OLD}); INSERT INTO diary VALUES (1), (1)`),
  );
  afterEach(() =>
    sql(`ALTER TABLE person DROP CONSTRAINT home; ALTER TABLE address DROP CONSTRAINT tenant; ALTER TABLE diary DROP CONSTRAINT writer;
      ALTER TABLE person ALTER home DROP NOT NULL; ALTER TABLE address ALTER person DROP NOT NULL;
      BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE person, address, diary; COMMIT`),
  );
  const keys = (home: string, tenant: string) =>
    sql(`ALTER TABLE person ADD CONSTRAINT home FOREIGN KEY (home) REFERENCES address ON DELETE ${home};
      ALTER TABLE address ADD CONSTRAINT tenant FOREIGN KEY (person) REFERENCES person ON DELETE ${tenant};
      ALTER TABLE diary ADD CONSTRAINT writer FOREIGN KEY (person) REFERENCES person ON DELETE CASCADE`);

  for (const home of ACTIONS) {
    for (const tenant of ACTIONS.filter((action) => action !== 'SET NULL')) {
      it(`${home} one way, ${tenant} the other: what goes is counted, and the dry run says the same`, async () => {
        await keys(home, tenant);
        const [dry, run] = await both(db.sequelize, Person);
        expect(told(dry)).to.deep.equal({ went: { person: 2, address: 3, diary: 2 }, left: 0, because: [] });
        expect(told(run)).to.deep.equal(told(dry));
        expect([await ids(db.sequelize, 'person'), await ids(db.sequelize, 'address')]).to.deep.equal([[3], []]);
      });
    }
  }

  it('a circle that cannot be opened stays, in the dry run too', async () => {
    await keys('NO ACTION', 'NO ACTION');
    await sql('UPDATE person SET home = 11 WHERE id = 3');
    await sql('ALTER TABLE person ALTER home SET NOT NULL; ALTER TABLE address ALTER person SET NOT NULL');
    const [dry, run] = await both(db.sequelize, Person);
    expect(told(run)).to.deep.equal(told(dry));
    expect([run.left, await ids(db.sequelize, 'person')]).to.deep.equal([2, [1, 2, 3]]);
    expect(run.because[0]?.reason).to.match(/make its columns nullable/);
  });

  it('a live row in the circle keeps all of it', async () => {
    await keys('NO ACTION', 'CASCADE');
    await sql(
      `ALTER TABLE address DISABLE TRIGGER USER; UPDATE address SET _deleted_at = NULL WHERE id = 13; ALTER TABLE address ENABLE TRIGGER USER`,
    );
    const [dry, run] = await both(db.sequelize, Person);
    expect(told(dry)).to.deep.equal({ went: { person: 1, address: 1, diary: 2 }, left: 1, because: ['tenant 1'] });
    expect(told(run)).to.deep.equal(told(dry));
    expect(await ids(db.sequelize, 'address')).to.deep.equal([12, 13]);
  });

  it('a row that a trigger keeps keeps its circle', async () => {
    await keys('CASCADE', 'CASCADE');
    await sql(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.id = 12 THEN RETURN NULL; END IF; RETURN OLD; END $$;
      CREATE TRIGGER hold BEFORE DELETE ON address FOR EACH ROW EXECUTE FUNCTION hold()`);
    const run = await purge(db.sequelize, Person, { archivedBefore: '90d' });
    await sql('DROP FUNCTION hold() CASCADE');
    expect(told(run)).to.deep.include({ went: { person: 1, address: 1, diary: 2 }, left: 1 });
    expect([await ids(db.sequelize, 'person'), await ids(db.sequelize, 'address')]).to.deep.equal([
      [2, 3],
      [12, 13],
    ]);
  });
});
