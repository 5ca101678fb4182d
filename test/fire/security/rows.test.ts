import { expect } from 'chai';
import { eachEngine, held, live, number } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { useAttacker } from './support/attacker';
import { defineVault, empty } from './support/world';

/** What a role with SELECT, INSERT, UPDATE and DELETE tries so as to lose rows, or to break what holds between them. */
eachEngine('security: a plain role cannot lose rows', (engine) => {
  const db = useDatabase();
  const attacker = useAttacker(db);
  const run = (...sql: string[]) => attacker.it.client.query(sql.join('; '));

  before(async () => {
    // Only the owner may delete parts and documents physically.
    defineVault(db.sequelize, engine, new URL(db.url).username);
    await db.sequelize.sync();
    await attacker.grant();
    await run('SET search_path = app');
  });
  afterEach(() => empty(db.sequelize));

  it('F3 a restore judges all parents, whatever guitars.restoring says', async () => {
    await run('INSERT INTO owner (id) VALUES (1)', 'INSERT INTO bank (id) VALUES (1)');
    await run('INSERT INTO account (id, owner_id, bank_id) VALUES (1, 1, 1)');
    await run('DELETE FROM owner');
    await run('DELETE FROM bank');
    await run(`SELECT set_config('guitars.restoring', (SELECT _deletion::text FROM owner), false)`);
    expect(await attacker.it.code('UPDATE owner SET _deleted_at = NULL')).to.equal('23503');
    expect(await live(db.sequelize, 'account')).to.equal(0);
    await run('UPDATE bank SET _deleted_at = NULL', 'UPDATE owner SET _deleted_at = NULL');
    expect(await live(db.sequelize, 'account')).to.equal(1);
    await run('RESET guitars.restoring');
  });

  it('F2 a guarded child is seen, whatever guitars.archiving says; marks are not taken over', async () => {
    await run('INSERT INTO owner (id) VALUES (1), (2)', 'INSERT INTO account (id, owner_id) VALUES (1, 1), (2, 2)');
    await run('DELETE FROM owner WHERE id = 1');
    const mark = await attacker.it.value('SELECT _deletion FROM owner WHERE id = 1');
    await run(`SET guitars.archiving = '${mark}'`);
    await run(`UPDATE account SET _deletion = '${mark}', _deleted_at = now() WHERE id = 2`);
    await run(`UPDATE owner SET _deletion = '${mark}', _deleted_at = now() WHERE id = 2`);
    await run(`UPDATE owner SET _deletion = '${mark}'`, `UPDATE account SET _deletion = '${mark}'`);
    expect(await number(db.sequelize, `SELECT count(*) AS n FROM owner WHERE _deletion = '${mark}'`)).to.equal(1);
    expect(await number(db.sequelize, `SELECT count(*) AS n FROM account WHERE _deletion = '${mark}'`)).to.equal(1);
    await run('RESET guitars.archiving');
  });

  it('F2 a guarded child is seen, also where guitars.archiving says the mark of the row’s last deletion', async () => {
    await run('INSERT INTO owner (id) VALUES (1)', 'INSERT INTO account (id, owner_id) VALUES (1, 1)');
    await run('DELETE FROM owner', 'UPDATE owner SET _deleted_at = NULL');
    await run('INSERT INTO lien (id, account_id) VALUES (1, 1)');
    await run(`SELECT set_config('guitars.archiving', (SELECT _deletion::text FROM owner), false)`);
    // By the trigger engine, whose DELETE keeps the old mark then, as a row that was archived behind our backs.
    for (const sql of ['DELETE FROM owner', 'UPDATE owner SET _deleted_at = now()'])
      expect(await attacker.it.code(sql), sql).to.equal(
        engine === 'trigger' && sql.startsWith('D') ? '27000' : '23503',
      );
    await run('RESET guitars.archiving');
  });

  it('D1 a row whose parent has been made to look gone is archived, not removed', async () => {
    await run('INSERT INTO shop (id) VALUES (1), (2)', 'INSERT INTO part (id, shop_id) VALUES (1, 1), (2, 2)');
    const moved = await attacker.it.code(
      'WITH p AS (UPDATE shop SET id = id + 1000 WHERE id = 1 RETURNING id) DELETE FROM part USING p WHERE shop_id = 1',
    );
    expect(moved).to.equal(engine === 'rule' ? '0A000' : undefined);
    await db.sequelize.query('ALTER TABLE part ALTER CONSTRAINT part_shop_id_fkey DEFERRABLE');
    const off = await attacker.it.code(
      'BEGIN; SET CONSTRAINTS ALL DEFERRED; UPDATE part SET shop_id = 777 WHERE id = 2; DELETE FROM part WHERE id = 2; COMMIT',
    );
    expect(off).to.equal('23503');
    expect(await held(db.sequelize, 'part')).to.equal(2);
    await run('DELETE FROM part');
    expect([await held(db.sequelize, 'part'), await live(db.sequelize, 'part')]).to.deep.equal([2, 0]);
  });

  it('F1 who may delete a plain parent deletes its children with it, role or no role: the key rules', async () => {
    await run('INSERT INTO shop (id) VALUES (1)', 'INSERT INTO part (id, shop_id) VALUES (1, 1)');
    await run('DELETE FROM shop');
    expect(await held(db.sequelize, 'part')).to.equal(0);
  });

  it('D5 functions that open and close the door in the middle of a statement do not get past the role', async () => {
    const door = (value: string) =>
      `BEGIN PERFORM set_config('guitars.hard_delete', '${value}', false); RETURN true; END`;
    await run(
      `CREATE FUNCTION pg_temp.opens() RETURNS boolean LANGUAGE plpgsql STABLE COST 0.0001 AS $$ ${door('on')} $$`,
      `CREATE FUNCTION pg_temp.opens_each() RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ ${door('on')} $$`,
      `CREATE FUNCTION pg_temp.shuts() RETURNS boolean LANGUAGE plpgsql COST 100000 AS $$ ${door('off')} $$`,
      `INSERT INTO shop (id) VALUES (1)`,
      `INSERT INTO part (id, shop_id) VALUES (1, 1), (2, NULL)`,
    );
    const wheres = [
      'pg_temp.opens()',
      'pg_temp.opens() AND pg_temp.shuts()',
      'pg_temp.opens_each() AND pg_temp.shuts()',
      `set_config('guitars.hard_delete', 'on', true) = 'on' AND pg_temp.shuts()`,
      `pg_temp.opens() AND (SELECT set_config('guitars.hard_delete', 'off' || left(part.name, 0), false)) IS DISTINCT FROM 'x'`,
    ];
    for (const where of wheres) await attacker.it.code(`DELETE FROM part WHERE ${where}`);
    await run('RESET guitars.hard_delete');
    expect(await held(db.sequelize, 'part')).to.equal(2);
    for (const sql of ['DELETE FROM part', 'DELETE FROM shop'])
      expect(await attacker.it.code(`BEGIN; SET LOCAL guitars.hard_delete = on; ${sql}`), sql).to.equal('42501');
    expect(await held(db.sequelize, 'part')).to.equal(2);
  });

  describe('by a trigger on a temporary table of its own, which sends statements as a cascade does', () => {
    const spring = (sql: string, declare = '') =>
      run(
        'CREATE TEMPORARY TABLE spring (n integer)',
        `CREATE FUNCTION pg_temp.leap() RETURNS trigger LANGUAGE plpgsql AS $f$ ${declare} BEGIN ${sql}; RETURN NULL; END $f$`,
        'CREATE TRIGGER leap AFTER INSERT ON spring FOR EACH ROW EXECUTE FUNCTION pg_temp.leap()',
      );
    afterEach(() => run('DROP TABLE spring', 'DROP FUNCTION pg_temp.leap', 'RESET ALL', 'SET search_path = app'));

    it('D1 no row is removed without the door, also where its parent looks gone', async () => {
      await db.sequelize.query('ALTER TABLE part ALTER CONSTRAINT part_shop_id_fkey DEFERRABLE');
      await run('INSERT INTO shop (id) VALUES (1)', 'INSERT INTO part (id, shop_id) VALUES (1, 1)');
      await spring('DELETE FROM part');
      const leap = 'BEGIN; SET CONSTRAINTS ALL DEFERRED; UPDATE part SET shop_id = 777; INSERT INTO spring VALUES (1);';
      expect(await attacker.it.code(`${leap} COMMIT`)).to.equal('23503');
      await run(`${leap} UPDATE part SET shop_id = 1; COMMIT`);
      expect([await held(db.sequelize, 'part'), await live(db.sequelize, 'part')]).to.deep.equal([1, 0]);
    });

    it('F3 no row is restored under an archived parent, whatever guitars.restoring says', async () => {
      await run('INSERT INTO owner (id) VALUES (1)', 'INSERT INTO account (id, owner_id) VALUES (1, 1)');
      await run('DELETE FROM owner');
      await spring('UPDATE account SET _deleted_at = NULL');
      await run(`SELECT set_config('guitars.restoring', (SELECT _deletion::text FROM owner), false)`);
      expect(await attacker.it.code('INSERT INTO spring VALUES (1)')).to.equal('23503');
      expect(await live(db.sequelize, 'account')).to.equal(0);
    });

    it('F2, F3 the first of a cascade judges, whatever it says of itself', async () => {
      await run('INSERT INTO owner (id) VALUES (1)', 'INSERT INTO bank (id) VALUES (1)');
      await run(
        'INSERT INTO account (id, owner_id, bank_id) VALUES (1, 1, 1)',
        'INSERT INTO lien (id, account_id) VALUES (1, 1)',
      );
      const told = (setting: string) => `set_config('guitars.${setting}', _deletion::text, true) INTO told`;
      await spring(`UPDATE owner SET _deleted_at = now() RETURNING ${told('archiving')}`, 'DECLARE told text;');
      expect(await attacker.it.code('INSERT INTO spring VALUES (1)')).to.equal('23503');
      await run('DELETE FROM lien', 'DELETE FROM owner', 'DELETE FROM bank');
      await run('DROP TABLE spring', 'DROP FUNCTION pg_temp.leap');
      await spring(`UPDATE owner SET _deleted_at = NULL RETURNING ${told('restoring')}`, 'DECLARE told text;');
      expect(await attacker.it.code('INSERT INTO spring VALUES (1)')).to.equal('23503');
      expect(await live(db.sequelize, 'account')).to.equal(0);
    });

    it('R1 no row is archived with the mark of a deletion that it is none of', async () => {
      await run('INSERT INTO owner (id) VALUES (1)', 'INSERT INTO bank (id) VALUES (1)');
      await run('INSERT INTO account (id, owner_id) VALUES (1, 1)', 'INSERT INTO account (id) VALUES (2)');
      await run('DELETE FROM owner');
      const mark = await attacker.it.value('SELECT _deletion FROM owner');
      const forged = `_deleted_at = now(), _deletion = '${mark}'`;
      await spring(`UPDATE account SET ${forged} WHERE id = 2; UPDATE bank SET ${forged}`);
      await run(`SET guitars.archiving = '${mark}'`, 'INSERT INTO spring VALUES (1)');
      expect([await live(db.sequelize, 'account'), await live(db.sequelize, 'bank')]).to.deep.equal([0, 0]);
      expect(await number(db.sequelize, `SELECT count(*) AS n FROM account WHERE _deletion = '${mark}'`)).to.equal(1);
      expect(await number(db.sequelize, `SELECT count(*) AS n FROM bank WHERE _deletion = '${mark}'`)).to.equal(0);
    });

    it('D5 the role of the door holds where functions open and close it within the statement', async () => {
      const door = (value: string) =>
        `BEGIN PERFORM set_config('guitars.hard_delete', '${value}', true); RETURN true; END`;
      await run(
        `CREATE FUNCTION pg_temp.ajar() RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ ${door('on')} $$`,
        `CREATE FUNCTION pg_temp.close() RETURNS boolean LANGUAGE plpgsql COST 100000 AS $$ ${door('off')} $$`,
        'INSERT INTO part (id) VALUES (1)',
        'INSERT INTO owner (id) VALUES (1)',
      );
      for (const table of ['part', 'owner']) {
        await spring(`DELETE FROM ${table} WHERE pg_temp.ajar() AND pg_temp.close()`);
        await attacker.it.code('INSERT INTO spring VALUES (1)');
        expect(await held(db.sequelize, table), table).to.equal(1);
        if (table === 'part') await run('DROP TABLE spring', 'DROP FUNCTION pg_temp.leap');
      }
      await run('DROP FUNCTION pg_temp.ajar', 'DROP FUNCTION pg_temp.close');
    });
  });

  it('F1 a cascade is known also where an owner has revoked its rights from itself', async () => {
    const owner = `"${new URL(db.url).username}"`;
    await run('INSERT INTO shop (id) VALUES (1)', 'INSERT INTO part (id, shop_id) VALUES (1, 1)');
    await db.sequelize.query(`REVOKE TRIGGER ON part FROM ${owner}`);
    await run('DELETE FROM shop');
    await db.sequelize.query(`GRANT TRIGGER ON part TO ${owner}`);
    expect(await held(db.sequelize, 'part')).to.equal(0);
  });

  it('X2 the owner, of the role that may, gets through', async () => {
    await run('INSERT INTO part (id) VALUES (1)');
    await db.sequelize.query('BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM part; COMMIT');
    expect(await held(db.sequelize, 'part')).to.equal(0);
  });
});
