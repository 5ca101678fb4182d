import { expect } from 'chai';
import { DataTypes, Model } from 'sequelize';
import { assertEnforced, audit, Guitar, install, NotEnforcedError, Setar } from '../../lib';
import { defineWorld, eachEngine, held, live, refusal } from '../contract/world';
import { useDatabase } from '../support/database';

eachEngine('audit', (engine) => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  const findings = async () =>
    (await audit(db.sequelize)).findings.map(({ kind, model, message }) => ({ kind, model, message }));
  before(() => {
    defineWorld(db.sequelize, engine);
  });

  it('no table, then no functions, then nothing to find', async () => {
    expect((await findings()).map(({ kind }) => kind)).to.deep.equal(Array(5).fill('no_table'));
    await db.sequelize.sync({ guitars: false });
    const never = await findings();
    expect(never.map(({ kind }) => kind)).to.deep.equal(Array(5).fill('no_functions'));
    expect(never[0]?.message).to.match(/never installed.*Run install\(sequelize\)/);
    await install(db.sequelize);
    expect(await findings()).to.deep.equal([]);
    await assertEnforced(db.sequelize);
  });

  const archiver = engine === 'rule' ? 'guitars_soft_delete' : 'guitars_archive';
  const off = engine === 'rule' ? 'RULE guitars_soft_delete' : 'TRIGGER guitars_archive';
  const body = `SELECT tgfoid::regproc::text AS f FROM pg_trigger WHERE tgrelid = 'city'::regclass AND tgname = 'guitars_stamp'`;

  const ATTACKS: Record<string, { by: () => Promise<unknown>; kind: string; says: RegExp }> = {
    'a dropped archiver': {
      by: () => query(`DROP ${off} ON city`),
      kind: 'missing',
      says: new RegExp(`${archiver} is missing: it is not in the database\\. Run install`),
    },
    'a disabled archiver': {
      by: () => query(`ALTER TABLE city DISABLE ${off}`),
      kind: 'disabled',
      says: new RegExp(`${archiver} is disabled: somebody has switched it off`),
    },
    'an archiver for replicas only': {
      by: () => query(`ALTER TABLE city ENABLE REPLICA ${off}`),
      kind: 'disabled',
      says: /it fires on replicas only/,
    },
    'all triggers disabled': {
      by: () => query('ALTER TABLE city DISABLE TRIGGER USER'),
      kind: 'disabled',
      says: /is disabled/,
    },
    'a function edited by hand': {
      by: async () => {
        const [[row]] = (await query(body)) as [{ f: string }[], unknown];
        await query(
          `CREATE OR REPLACE FUNCTION ${row?.f}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
        );
      },
      kind: 'drifted',
      says: /the function city_stamp_\w+ is drifted: its body differs/,
    },
    'a function that no longer runs as its owner': {
      by: async () => {
        const [[row]] = (await query(body.replace('guitars_stamp', 'guitars_parents_update'))) as [
          { f: string }[],
          unknown,
        ];
        await query(`ALTER FUNCTION ${row?.f}() SECURITY INVOKER`);
      },
      kind: 'drifted',
      says: /it was edited by hand/,
    },
    'a trigger edited by hand': {
      by: () =>
        query(
          'CREATE OR REPLACE TRIGGER guitars_truncate BEFORE TRUNCATE ON city WHEN (false) EXECUTE FUNCTION guitars.refuse_truncate()',
        ),
      kind: 'drifted',
      says: /guitars_truncate is drifted: it was edited by hand/,
    },
    'an object of ours that nobody called for': {
      by: () => query('CREATE TRIGGER guitars_more BEFORE TRUNCATE ON city EXECUTE FUNCTION guitars.refuse_truncate()'),
      kind: 'unexpected',
      says: /guitars_more on city is not what the models call for\. Run install\(sequelize\), which retires it/,
    },
    'a dropped index of a cascade key': {
      by: () => query('DROP INDEX city_region_id'),
      kind: 'unindexed_key',
      says: /"region_id" has no index.*Run: CREATE INDEX CONCURRENTLY ON "app"\."city" \("region_id"\);/,
    },
  };

  for (const [what, { by, kind, says }] of Object.entries(ATTACKS)) {
    it(`${what}: ${kind}, and mended by what it says`, async () => {
      await by();
      const found = await findings();
      expect([...new Set(found.map((finding) => finding.kind))]).to.deep.equal([kind]);
      expect(found.map(({ model }) => model)).to.include('city');
      expect(found.map(({ message }) => message).join('\n')).to.match(says);
      const error = await refusal(assertEnforced(db.sequelize));
      expect(error).to.be.instanceOf(NotEnforcedError);
      expect(error.message).to.match(says);
      if (kind === 'unindexed_key') await query('CREATE INDEX city_region_id ON city (region_id)');
      else await install(db.sequelize);
      expect(await findings()).to.deep.equal([]);
    });
  }

  it('a missing parent index is found, and archiving still takes the children along', async () => {
    await query('DROP INDEX city_region_id');
    await query(`INSERT INTO region (id, name) VALUES (1, 'r')`);
    await query('INSERT INTO city (region_id) VALUES (1), (1)');
    await query('DELETE FROM region');
    expect([await live(db.sequelize, 'city'), await held(db.sequelize, 'city')]).to.deep.equal([0, 2]);
  });

  it('for some models: those alone', async () => {
    await query('DROP TRIGGER guitars_truncate ON country');
    const { City, Country } = { City: db.sequelize.models.city, Country: db.sequelize.models.country };
    expect((await audit(db.sequelize, { models: [City as never] })).findings.map(({ kind }) => kind)).to.not.include(
      'missing',
    );
    expect((await audit(db.sequelize, { models: [Country as never] })).findings.map(({ kind }) => kind)).to.include(
      'missing',
    );
  });
});

describe('enforcement is missing at run time', () => {
  const db = useDatabase();

  it('D6 audit says so, and the ORM’s own destroy still archives and restores', async () => {
    class Page extends Guitar(Model) {}
    Page.init({ title: DataTypes.TEXT }, { sequelize: db.sequelize, modelName: 'page', tableName: 'page' });
    await db.sequelize.sync({ guitars: false });
    const rows = await Page.bulkCreate([{ title: 'a' }, { title: 'b' }, { title: 'c' }]);
    await rows[0]?.destroy();
    expect(await Page.destroy({ where: { title: 'b' } })).to.equal(1);
    expect([await live(db.sequelize, 'page'), await held(db.sequelize, 'page')]).to.deep.equal([1, 3]);
    expect(await Page.restore({ where: { title: 'b' } })).to.equal(1);
    expect((await audit(db.sequelize)).findings.map(({ kind }) => kind)).to.deep.equal(['no_functions']);
  });

  it('a Setar table has what its times need, and nothing of soft deletion', async () => {
    const sequelize = db.connect();
    class Log extends Setar(Model) {}
    Log.init({ text: DataTypes.TEXT }, { sequelize, modelName: 'log', tableName: 'log' });
    await sequelize.sync();
    await sequelize.query(`INSERT INTO log (text) VALUES ('a')`);
    await sequelize.query('DELETE FROM log');
    expect(await held(sequelize, 'log')).to.equal(0);
    expect((await audit(sequelize)).findings).to.deep.equal([]);
  });
});
