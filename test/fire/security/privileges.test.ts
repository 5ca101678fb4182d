import { expect } from 'chai';
import { audit } from '../../../lib';
import { eachEngine, held, live, number } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { useAttacker } from './support/attacker';
import { defineVault, empty } from './support/world';

/** What it answers where a role has no right to something. */
const DENIED = '42501';

eachEngine('security: what a plain role may do', (engine) => {
  const db = useDatabase();
  const attacker = useAttacker(db);
  const run = (...sql: string[]) => attacker.it.client.query(sql.join('; '));
  const code = (sql: string) => attacker.it.code(sql);

  before(async () => {
    defineVault(db.sequelize, engine);
    await db.sequelize.sync();
    await attacker.grant();
    await db.sequelize.query(`REVOKE ALL ON doc_history FROM "${attacker.it.role}"`);
    await run('SET search_path = app');
  });
  afterEach(() => empty(db.sequelize));

  it('it cannot switch enforcement off', async () => {
    const { rows } = await attacker.it.client.query(
      `SELECT p.oid::regprocedure AS fn FROM pg_proc AS p WHERE pronamespace = 'guitars'::regnamespace`,
    );
    const functions = rows.map(({ fn }) => fn as string);
    const attempts = [
      ...[
        'DISABLE TRIGGER ALL',
        'DISABLE TRIGGER guitars_stamp',
        'DISABLE RULE guitars_soft_delete',
        'DROP COLUMN _deletion',
        'OWNER TO CURRENT_USER',
        'ENABLE ROW LEVEL SECURITY',
        'RENAME TO gone',
        'SET SCHEMA public',
      ].map((what) => `ALTER TABLE owner ${what}`),
      'DROP TRIGGER guitars_cascade ON owner',
      'DROP TABLE owner CASCADE',
      'TRUNCATE account',
      'CREATE TRIGGER a BEFORE DELETE ON owner FOR EACH ROW EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()',
      'CREATE RULE a AS ON DELETE TO owner DO INSTEAD NOTHING',
      'DROP SCHEMA guitars CASCADE',
      'CREATE FUNCTION guitars.extra() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
      'CREATE TABLE guitars.extra ()',
      `SET session_replication_role = replica`,
      'COMMENT ON TRIGGER guitars_stamp ON owner IS NULL',
      ...functions.flatMap((fn) => [
        `DROP FUNCTION ${fn} CASCADE`,
        `ALTER FUNCTION ${fn} SECURITY INVOKER`,
        `ALTER FUNCTION ${fn} SET search_path = public`,
        `ALTER FUNCTION ${fn} RENAME TO x`,
      ]),
      ...['archive_queue', 'moving'].flatMap((table) => [
        `SELECT FROM guitars.${table}`,
        `DELETE FROM guitars.${table}`,
        `INSERT INTO guitars.${table} DEFAULT VALUES`,
        `TRUNCATE guitars.${table}`,
      ]),
      'INSERT INTO guitars.history_horizon VALUES (1, $$a$$, 1, 1, 1)',
    ];
    for (const sql of attempts) expect(await code(sql), sql).to.equal(DENIED);
    expect((await audit(db.sequelize)).findings).to.deep.equal([]);
  });

  it('it cannot use our functions: those of tables not at all, the shared ones no further than its own rights', async () => {
    const { rows } =
      await attacker.it.client.query(`SELECT p.oid::regprocedure AS fn, prosecdef AS definer, prorettype = 'trigger'::regtype AS fires,
        has_function_privilege(p.oid, 'EXECUTE') AS may, proconfig AS config, prosrc AS body
      FROM pg_proc AS p WHERE pronamespace = 'guitars'::regnamespace`);
    const open = rows.filter(({ definer, may }) => definer && may).map(({ fn }) => fn);
    expect(open).to.have.members([
      'guitars.forget_move()',
      'guitars.note_move()',
      'guitars.stayed()',
      'guitars.take_move(oid,tid)',
    ]);
    for (const { fn, definer, fires, may, config } of rows) {
      const planned = /(_move|stayed)\(/.test(fn) ? ['enable_seqscan=off'] : [];
      if (definer) expect(config, fn).to.deep.equal(['search_path=pg_catalog, pg_temp', ...planned]);
      if (fires && !may) {
        await run('CREATE TEMPORARY TABLE own (id int)');
        expect(await code(`CREATE TRIGGER own BEFORE INSERT ON pg_temp.own EXECUTE FUNCTION ${fn}`), fn).to.equal(
          DENIED,
        );
        await run('DROP TABLE pg_temp.own');
      }
    }
    const links = await attacker.it.value(
      `SELECT oid::regclass FROM pg_class WHERE relkind = 'S' AND relnamespace = 'guitars'::regnamespace LIMIT 1`,
    );
    const calls = [
      `SELECT guitars.note_link('${links}')`,
      `SELECT setval('${links}', 1)`,
      `SELECT nextval('${links}')`,
      `SELECT guitars.seal('trigger', 'app.owner', 'guitars_stamp', 'x')`,
      `SELECT guitars.history_order('app.doc_history', ARRAY['id'], 0)`,
      `SELECT guitars.raise_history_horizon('app.doc_history', 1, 1)`,
    ];
    for (const sql of calls) expect(await code(sql), sql).to.equal(DENIED);
    expect(await attacker.it.value('SELECT guitars.take_move(1, $$(0,1)$$)')).to.equal(false);
  });

  it('it cannot read or write a history that it was not granted; what it does is written all the same', async () => {
    await run(
      `SET guitars.revision = '{"actor":"said by the client"}'`,
      `INSERT INTO doc (id, title, _version) VALUES (1, 'a', 7)`,
      `UPDATE doc SET title = 'b', _version = 1000`,
    );
    await run('SET guitars.edit_history = on', `UPDATE doc SET title = 'c'`, 'RESET guitars.edit_history');
    await run(
      'SET guitars.nested_1 = 9',
      'SET guitars.hard_delete = on',
      'DELETE FROM doc',
      'RESET guitars.hard_delete',
    );
    for (const sql of [
      'SELECT FROM doc_history',
      'DELETE FROM doc_history',
      'INSERT INTO doc_history DEFAULT VALUES',
      'UPDATE doc_history SET _actor = NULL',
    ])
      expect(await code(sql), sql).to.equal(DENIED);
    const [entries] = await db.sequelize.query(
      'SELECT _operation AS o, _version AS v, _actor AS a FROM doc_history ORDER BY _entry',
    );
    const actor = 'said by the client';
    expect(entries).to.deep.equal(
      [
        ['insert', 7],
        ['update', 8],
        ['update', 9],
        ['delete', 9],
      ].map(([o, v]) => ({ o, v, a: actor })),
    );
  });

  it('times: an INSERT is believed, an UPDATE is not, but through the door', async () => {
    await run(`INSERT INTO owner (id, _created_at) VALUES (1, '2001-01-01')`);
    await run(`UPDATE owner SET _created_at = '2002-01-01', _updated_at = '2002-01-01', _deleted_at = '2002-01-01'`);
    await run(`UPDATE owner SET _deleted_at = '2003-01-01'`);
    const old = (columns: string) =>
      number(db.sequelize, `SELECT count(*) AS n FROM owner WHERE ${columns} < '2004-01-01'`);
    expect([await old('_created_at'), await old('_updated_at'), await old('_deleted_at')]).to.deep.equal([1, 0, 0]);
    await run(`BEGIN; SET LOCAL guitars.keep_timestamps = on; UPDATE owner SET _updated_at = '2002-01-01'; COMMIT`);
    expect(await old('_updated_at')).to.equal(1);
  });

  it('a declared trigger is ignored by a setting, unless it says that it cannot be', async () => {
    const { rows } = await attacker.it.client.query(
      `SELECT DISTINCT m[1] AS name FROM pg_trigger, regexp_matches(pg_get_triggerdef(oid), 'guitars\\.off_[0-9a-f]+', 'g') AS m WHERE tgrelid = 'app.order'::regclass`,
    );
    for (const { name } of rows) await run(`SET ${name} = on`);
    await run(`INSERT INTO "order" (id, code, body) VALUES (1, 'a', 'kept')`, `UPDATE "order" SET body = 'lost'`);
    for (const [state, sql] of [
      ['23U02', `SET code = 'b'`],
      ['23U03', `SET status = 'paid'`],
      ['23U04', 'SET feet = 1'],
    ])
      expect(await code(`UPDATE "order" ${sql}`), sql).to.equal(state);
    for (const { name } of rows) await run(`RESET ${name}`);
    await run(`UPDATE "order" SET body = 'kept'`);
    expect(await code(`UPDATE "order" SET body = 'lost'`)).to.equal('23U01');
  });

  it('rights on columns, or on a parent alone, are enough for what the database does on its behalf', async () => {
    const role = `"${attacker.it.role}"`;
    await run('INSERT INTO owner (id) VALUES (1)', 'INSERT INTO account (id, owner_id) VALUES (1, 1)');
    await db.sequelize.query(
      `REVOKE ALL ON owner, account, bank FROM ${role}; GRANT SELECT, DELETE, UPDATE (name) ON owner TO ${role}; GRANT INSERT (id, owner_id) ON account TO ${role}`,
    );
    try {
      await run(`UPDATE owner SET name = 'x'`);
      expect(await code('UPDATE owner SET _deleted_at = now()')).to.equal(DENIED);
      await run('DELETE FROM owner');
      expect([
        await live(db.sequelize, 'owner'),
        await live(db.sequelize, 'account'),
        await held(db.sequelize, 'account'),
      ]).to.deep.equal([0, 0, 1]);
      expect(await code('INSERT INTO account (id, owner_id) VALUES (2, 1)')).to.equal('23503');
      expect(await code('SELECT FROM account')).to.equal(DENIED);
    } finally {
      await db.sequelize.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON owner, account, bank TO ${role}`);
    }
  });
});
