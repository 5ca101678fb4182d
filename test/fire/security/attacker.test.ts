import { expect } from 'chai';
import type pg from 'pg';
import { audit, type Engine } from '../../../lib';
import { eachEngine } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { Random } from '../../support/random';
import { amount, figures, SEED } from '../support/form';
import { attack } from './support/attack';
import { useAttacker } from './support/attacker';
import { calls, makeEvil } from './support/evil';
import { broken, enforcement, watch } from './support/promises';
import { defineVault } from './support/world';

const STATEMENTS = amount(400, 20_000, 'GUITARS_ATTACKS');
const ROUND = 20;
const FIRST = SEED ?? 20_260;

const result: Partial<Record<Engine, object>> = {};

eachEngine('security: an attacker at random', (engine) => {
  const db = useDatabase();
  const attacker = useAttacker(db);
  let admin: pg.Client;

  before(async () => {
    defineVault(db.sequelize, engine, new URL(db.url).username);
    await db.sequelize.sync();
    const { role } = await attacker.grant();
    await db.sequelize.query(`REVOKE ALL ON doc_history FROM "${role}"`);
    // What follows from a deferrable key is tried as well.
    await db.sequelize.query('ALTER TABLE part ALTER CONSTRAINT part_shop_id_fkey DEFERRABLE');
    admin = await db.admin();
    await makeEvil(admin);
    await watch(admin);
  });

  it(`breaks no promise (seed ${FIRST})`, async () => {
    const { client } = attacker.it;
    const door = (value: string) =>
      `BEGIN PERFORM set_config('guitars.hard_delete', '${value}', false); RETURN true; END`;
    await client.query(`SET search_path = app; SET statement_timeout = '10s';
      CREATE FUNCTION pg_temp.opens() RETURNS boolean LANGUAGE plpgsql STABLE COST 0.0001 AS $$ ${door('on')} $$;
      CREATE FUNCTION pg_temp.shuts() RETURNS boolean LANGUAGE plpgsql COST 100000 AS $$ ${door('off')} $$;
      CREATE TEMPORARY TABLE spring (sql text);
      CREATE FUNCTION pg_temp.leap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE NEW.sql; RETURN NULL; END $$;
      CREATE TRIGGER leap AFTER INSERT ON spring FOR EACH ROW EXECUTE FUNCTION pg_temp.leap()`);
    const { rows } = await admin.query(
      `SELECT DISTINCT m[1] AS name FROM pg_trigger, regexp_matches(pg_get_triggerdef(oid), 'guitars\\.off_[0-9a-f]+', 'g') AS m`,
    );
    const offs = rows.map(({ name }) => name as string);
    const before = await enforcement(admin);
    const random = new Random(FIRST);
    const codes: Record<string, number> = {};
    for (let n = 0; n < STATEMENTS; n += ROUND) {
      const sent: string[] = [];
      for (let k = 0; k < ROUND; k++) {
        const sql = attack(random, offs);
        const code = await client.query(sql).then(
          () => 'done',
          (error: { code?: string }) => error.code ?? 'lost',
        );
        codes[code] = (codes[code] ?? 0) + 1;
        sent.push(`${code} ${sql}`);
        if (code !== 'done') await client.query('ROLLBACK');
      }
      const found = [
        ...(await broken(admin)),
        ...((await enforcement(admin)) === before ? [] : ['enforcement was changed']),
      ];
      expect(found, `seed ${FIRST}, after ${n + ROUND} statements:\n${sent.join('\n')}`).to.deep.equal([]);
    }
    expect(codes.lost).to.equal(undefined);
    expect(codes.done).to.be.greaterThan(STATEMENTS / 10);
    expect((await audit(db.sequelize)).findings.filter(({ kind }) => kind !== 'deferrable_key')).to.deep.equal([]);
    result[engine] = { seed: FIRST, statements: STATEMENTS, codes, evilCalls: await calls(admin) };
  });

  it('would be found out: each promise, broken by hand, is told', async () => {
    const seen = async (sql: string) => {
      await admin.query(`BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL search_path = app; ${sql}`);
      const found = await broken(admin);
      await admin.query('ROLLBACK');
      return found.join();
    };
    await admin.query(`BEGIN; SET LOCAL guitars.revision = '{"actor":"a"}'; INSERT INTO app.owner (id, _deleted_at) VALUES (99, now());
      INSERT INTO app.doc (id, title) VALUES (99, 'a'); UPDATE app.doc SET title = 'b' WHERE id = 99; UPDATE app.doc SET title = 'c' WHERE id = 99;
      INSERT INTO app.order (id, code) VALUES (99, 'c99'); UPDATE app.order SET status = 'sent' WHERE id = 99; UPDATE app.order SET status = 'paid' WHERE id = 99; COMMIT`);
    expect(await broken(admin)).to.deep.equal([]);
    expect(await seen('DELETE FROM owner WHERE id = 99')).to.match(/a row was lost/);
    expect(await seen(`UPDATE owner SET _created_at = '2001-01-01'`)).to.match(/time of creation/);
    expect(await seen(`UPDATE owner SET _updated_at = '2001-01-01'`)).to.match(/in the past/);
    expect(await seen(`UPDATE owner SET _deleted_at = '2001-01-01' WHERE id = 99`)).to.match(/another time/);
    expect(await seen(`INSERT INTO account (id, owner_id) VALUES (99, 99)`)).to.match(/archived parent/);
    expect(await seen(`UPDATE "order" SET code = 'x', feet = 1 WHERE id = 99`)).to.match(/read-only.*belong together/);
    expect(await seen('DELETE FROM doc_history')).to.match(/not what the row is/);
    expect(await seen('DELETE FROM doc_history WHERE id = 99 AND _version = 2')).to.match(/lacks a version/);
    expect(await seen('UPDATE doc_history SET _actor = NULL')).to.match(/nobody/);
    expect(await seen(`UPDATE "order" SET status = 'draft' WHERE id = 99`)).to.match(/final/);
    expect(await seen(`UPDATE "order" SET status = 'x' WHERE id = 99`)).to.match(/skipped/);
    await admin.query('ALTER TABLE app.owner DISABLE TRIGGER guitars_stamp');
    const off = await enforcement(admin);
    await admin.query('ALTER TABLE app.owner ENABLE TRIGGER guitars_stamp');
    expect(await enforcement(admin)).not.to.equal(off);
  });
});

after(() => figures('security', result));
