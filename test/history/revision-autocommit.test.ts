import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import { DataTypes, ForeignKeyConstraintError, Op, QueryTypes, Sequelize, UniqueConstraintError } from 'sequelize';
import { DefinitionError } from '../../lib';
import { attachRevision, withRevision } from '../../lib/history/revision';
import { writes } from '../../lib/history/revision/writes';
import { refusal } from '../contract/world';
import { useDatabase } from '../support/database';
import { attached } from './revisions';

const ANN = { actor: 'ann' };
const OPENED = `BEGIN ; SET LOCAL "guitars"."revision" = '{"actor":"ann"}'`;

describe('withRevision, outside of transactions', () => {
  const db = useDatabase();
  before(async () => {
    await db.sequelize.query('CREATE TABLE seen (id serial PRIMARY KEY, by text, note text UNIQUE)');
    await db.sequelize.query('ALTER TABLE seen ADD part int REFERENCES seen DEFERRABLE INITIALLY DEFERRED');
    await db.sequelize.query('CREATE SEQUENCE tries');
    await db.sequelize.query(`CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.by := nullif(current_setting('guitars.revision', true), '')::jsonb->>'actor'; RETURN NEW; END $$`);
    await db.sequelize.query(
      'CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON seen FOR EACH ROW EXECUTE FUNCTION stamp()',
    );
  });
  beforeEach(() => db.sequelize.query('TRUNCATE seen RESTART IDENTITY'));
  const seen = async () => {
    const all = await db.sequelize.query<{ note: string; by: string | null }>('SELECT note, by FROM seen', {
      type: QueryTypes.SELECT,
    });
    return Object.fromEntries(all.map(({ note, by }) => [note, by]));
  };
  const add = (note: string) => `INSERT INTO seen (note) VALUES ('${note}')`;
  const one = async (options = {}) => {
    const made = attached(db, { pool: { max: 1 }, ...options });
    const Seen = made.sequelize.define(
      'seen',
      { note: DataTypes.TEXT, by: DataTypes.TEXT, part: DataTypes.INTEGER },
      { tableName: 'seen', timestamps: false },
    );
    await made.sequelize.authenticate();
    made.sent();
    return { ...made, Seen };
  };

  it('models and raw SQL write in a transaction of their own, in two journeys more; reads are sent as ever', async () => {
    const { Seen, sequelize, sent } = await one();
    await withRevision(ANN, async () => {
      const made = await Seen.create({ note: 'made' });
      expect(sent().map((sql) => sql.slice(0, OPENED.length))).to.deep.equal([
        OPENED,
        'INSERT INTO "seen" ("id","note") VALUES (DEFAULT,$1) RETURNING "id","note","by","part";'.slice(
          0,
          OPENED.length,
        ),
        'COMMIT',
      ]);
      await made.update({ note: 'updated' });
      await Seen.bulkCreate([{ note: 'bulk' }, { note: '; end; commit;' }]);
      await Seen.update({ part: 1 }, { where: { note: { [Op.ne]: 'bulk' } } });
      await Seen.upsert({ id: 9, note: 'upserted' } as never);
      await sequelize.query({ query: 'INSERT INTO seen (note) VALUES (?)', values: ['raw'] });
      await sequelize.query(`${add('typed')} RETURNING *`, { type: QueryTypes.SELECT });
      await sequelize.query('/* why */ INSERT INTO seen (note) VALUES ($1)', { bind: ['bound'] });
      await sequelize.query(`SELECT 1; ${add('second')}`);
      expect(sent().filter((sql) => sql === 'COMMIT')).to.have.length(8);
      await Seen.findAll();
      await Seen.count();
      await made.reload();
      await sequelize.query('SELECT 1', { type: QueryTypes.SELECT });
      await sequelize.query('SHOW search_path');
      expect(sent().filter((sql) => !/^(SELECT|SHOW)/.test(sql))).to.deep.equal([]);
      await Seen.destroy({ where: { note: 'bulk' } });
      expect(sent()).to.deep.equal([OPENED, `DELETE FROM "seen" WHERE "note" = 'bulk'`, 'COMMIT']);
    });
    await Seen.create({ note: 'without' });
    expect(sent()).to.have.length(1);
    const { without, ...others } = await seen();
    expect(without).to.equal(null);
    const notes = ['updated', '; end; commit;', 'upserted', 'raw', 'typed', 'bound', 'second'];
    expect(others).to.deep.equal(Object.fromEntries(notes.map((note) => [note, 'ann'])));
  });

  it('leaves alone what cannot be sent in a transaction', async () => {
    const { sequelize, sent } = await one();
    const alone = [
      'VACUUM seen',
      'CREATE INDEX CONCURRENTLY seen_by ON seen (by)',
      'DROP INDEX CONCURRENTLY seen_by',
      'SET application_name = mine',
    ];
    await withRevision(ANN, async () => {
      for (const sql of alone) await sequelize.query(sql);
    });
    expect(sent()).to.deep.equal(alone);
    for (const sql of [
      'CREATE DATABASE x',
      'ALTER SYSTEM SET a = 1',
      'REINDEX DATABASE x',
      'BEGIN; UPDATE a SET b = 1',
      '',
    ])
      expect(writes(sql), sql).to.equal(false);
    for (const sql of [
      '(SELECT f())',
      '-- x\nupdate a',
      'CALL f()',
      'EXPLAIN ANALYZE DELETE FROM a',
      'WITH a AS (SELECT f())',
    ])
      expect(writes(sql), sql).to.equal(true);
    const read = (sql: string) => writes(sql, QueryTypes.SELECT);
    expect(read('WITH a AS (SELECT 1) SELECT * FROM a')).to.equal(false);
    expect(read('WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a')).to.equal(true);
  });

  it('a DO block is sent in one, whatever words are in it', async () => {
    const { sequelize } = await one();
    await withRevision(ANN, () =>
      sequelize.query(`DO $$ BEGIN /* will commit later */ INSERT INTO seen (note) VALUES ('rollback'); END $$`),
    );
    expect(await seen()).to.deep.equal({ rollback: 'ann' });
  });

  it('what ends its transaction by itself is refused, and nothing of it done', async () => {
    const { sequelize, now } = await one();
    await db.sequelize.query(
      `CREATE PROCEDURE commits() LANGUAGE plpgsql AS $$ BEGIN ${add('called')}; COMMIT; ${add('lost')}; END $$`,
    );
    const [texts, committing] = [
      [
        `BEGIN; ${add('a')}; COMMIT`,
        `start transaction; ${add('a')}`,
        `/* x */ SET application_name = mine; BEGIN; ${add('a')}; END;`,
        `${add('a')}; COMMIT; ${add('b')}`,
      ],
      ['CALL commits()', `DO $$ BEGIN ${add('do')}; COMMIT; END $$`],
    ];
    await withRevision(ANN, async () => {
      for (const [sqls, message] of [
        [texts, /begins or ends a transaction itself.*Use sequelize\.transaction\(\)/],
        [committing, /commits or rolls back by itself.*outside of withRevision.*set_config\('guitars\.revision'/],
      ] as const) {
        for (const sql of sqls) {
          const error = await refusal(sequelize.query(sql));
          expect(error, sql).to.be.instanceOf(DefinitionError);
          expect(error.message).to.match(message);
        }
      }
      expect(await now()).to.deep.equal(ANN);
      await sequelize.query(`BEGIN; SELECT 1; COMMIT`, { type: QueryTypes.SELECT });
      await sequelize.query(`${add('; begin; insert into seen; commit')}; COMMIT`);
      await sequelize.query(`CREATE FUNCTION body() RETURNS void BEGIN ATOMIC
        SELECT CASE WHEN true THEN 1 END; ${add('in body')}; END; ${add('after body')}`);
      await sequelize.transaction((transaction) =>
        sequelize.query(`SAVEPOINT s; ${add('c')}; ROLLBACK TO SAVEPOINT s; ${add('kept')}`, { transaction }),
      );
    });
    expect(await seen()).to.deep.equal({
      '; begin; insert into seen; commit': 'ann',
      'after body': 'ann',
      kept: 'ann',
    });
  });

  it('errors are those without a revision, at the COMMIT too; the connection goes back as it came', async () => {
    const { Seen, sequelize, now } = await one();
    await withRevision(ANN, async () => {
      await Seen.create({ note: 'a' });
      expect(await refusal(Seen.create({ note: 'a' }))).to.be.instanceOf(UniqueConstraintError);
      expect(await refusal(Seen.create({ note: 'b', part: 99 }))).to.be.instanceOf(ForeignKeyConstraintError);
      expect((await refusal(sequelize.query('UPDATE nonsense SET a = 1'))).message).to.match(
        /"nonsense" does not exist/,
      );
      expect(await now()).to.deep.equal(ANN);
    });
    expect(await now()).to.equal('');
    expect(await seen()).to.deep.equal({ a: 'ann' });
  });

  it('a connection that is lost on the way is replaced', async () => {
    const { sequelize } = await one();
    await withRevision(ANN, async () => {
      await refusal(sequelize.query('SELECT pg_terminate_backend(pg_backend_pid())'));
      await sequelize.query(add('next'));
    });
    const hasty = await one({ dialectOptions: { query_timeout: 300 } });
    await withRevision(ANN, async () => {
      const slow = `INSERT INTO seen (note) SELECT 'slow' FROM pg_sleep(2)`;
      expect((await refusal(hasty.sequelize.query(slow))).message).to.match(/read timeout/);
      await hasty.sequelize.query(add('after'));
    });
    expect(await seen()).to.deep.equal({ next: 'ann', after: 'ann' });
  });

  it('a statement that Sequelize tries again is tried in a new transaction', async () => {
    const { sequelize } = await one();
    await withRevision(ANN, () =>
      sequelize.query(`INSERT INTO seen (note) SELECT 'try ' || 1 / (nextval('tries') - 1)`, {
        retry: { max: 3, match: [/division by zero/] },
      } as never),
    );
    expect(await seen()).to.deep.equal({ 'try 1': 'ann' });
  });

  it('writes go where they go without, with replicas', async () => {
    const readOnly = { dialectOptions: { options: '-c default_transaction_read_only=on' } };
    const { Seen, now } = await one({ replication: { read: [readOnly], write: {} } });
    await withRevision(ANN, async () => {
      await Seen.create({ note: 'a' });
      expect(await Seen.count()).to.equal(1);
      expect(await now()).to.deep.equal(ANN);
    });
    expect(await seen()).to.deep.equal({ a: 'ann' });
  });

  it('each statement is logged once; attaching again changes nothing; other instances know nothing of it', async () => {
    const { sequelize, sent } = await one();
    attachRevision(sequelize);
    const logged: string[] = [];
    const other = db.connect();
    await withRevision(ANN, async () => {
      await sequelize.query(add('a'), { logging: (sql) => void logged.push(sql) });
      await other.query(add('b'));
    });
    expect(logged).to.deep.equal([`Executing (default): ${add('a')}`]);
    expect(sent()).to.deep.equal([OPENED, add('a'), 'COMMIT']);
    expect(await seen()).to.deep.equal({ a: 'ann', b: null });
  });

  describe('with CLS', () => {
    before(() => {
      Sequelize.useCLS(namespace());
    });
    // There is no way back but this: the namespace is kept on the class.
    after(() => Reflect.deleteProperty(Sequelize, '_cls'));

    it('its transaction is used, one of its own where there is none, or is to be none', async () => {
      const { Seen, sequelize, sent } = await one({ pool: { max: 2 } });
      await withRevision(ANN, () => Seen.create({ note: 'own' }));
      expect(sent()).to.have.length(3);
      const error = await refusal(
        sequelize.transaction(async () => {
          await withRevision(ANN, async () => {
            await Seen.create({ note: 'back' });
            await Seen.create({ note: 'apart' }, { transaction: null });
          });
          await Seen.create({ note: 'back, too' });
          throw new Error('back');
        }),
      );
      expect(error.message).to.equal('back');
      expect(await seen()).to.deep.equal({ own: 'ann', apart: 'ann' });
    });
  });
});

/** What Sequelize asks of a CLS namespace, over what Node has. */
function namespace() {
  const store = new AsyncLocalStorage<Record<string, unknown>>();
  return {
    get: (key: string) => store.getStore()?.[key],
    set: (key: string, value: unknown) => {
      const values = store.getStore();
      if (values) values[key] = value;
    },
    run: (fn: (values: object) => unknown) => store.run({ ...store.getStore() }, () => fn(store.getStore() as object)),
    bind: (fn: (...args: unknown[]) => unknown) => fn,
  };
}
