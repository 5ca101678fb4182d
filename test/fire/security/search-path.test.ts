import { expect } from 'chai';
import type pg from 'pg';
import { eachEngine } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { useAttacker } from './support/attacker';
import { calls, makeEvil, size } from './support/evil';
import { defineVault, empty } from './support/world';

/** Statements that name nothing that could be found in another schema, so that only what we installed looks for names. */
const WORK = [
  `INSERT INTO app.owner (id) VALUES (1), (2)`,
  `INSERT INTO app.bank (id) VALUES (1), (2)`,
  `INSERT INTO app.account (id, owner_id, bank_id) VALUES (1, 1, 1), (2, 2, 2)`,
  `UPDATE app.account SET name = 'a', bank_id = 2`,
  `UPDATE app.account SET _updated_at = '2001-01-01', _created_at = '2001-01-01', _deletion = NULL`,
  `DELETE FROM app.owner`,
  `UPDATE app.owner SET _deleted_at = NULL`,
  `UPDATE app.bank SET _deleted_at = '2001-01-01'`,
  `UPDATE app.bank SET _deleted_at = NULL`,
  `BEGIN ISOLATION LEVEL REPEATABLE READ; INSERT INTO app.account (id, owner_id, bank_id) VALUES (3, 1, 1); DELETE FROM app.bank; COMMIT`,
  `INSERT INTO app.shop (id) VALUES (1)`,
  `INSERT INTO app.part (id, shop_id) VALUES (1, 1)`,
  `DELETE FROM app.part`,
  `DELETE FROM app.shop`,
  `INSERT INTO app.folder (id, parent_id) VALUES (1, NULL), (2, 1)`,
  `DELETE FROM app.folder`,
  `UPDATE app.folder SET _deleted_at = NULL`,
  `BEGIN; SET LOCAL guitars.revision = '{"actor":"a","context":{"b":1}}'; INSERT INTO app.doc (id, title) VALUES (1, 'a'); UPDATE app.doc SET title = 'b'; UPDATE app.doc SET id = 2; DELETE FROM app.doc; COMMIT`,
  `INSERT INTO app.order (id, code, body) VALUES (1, 'a', 'b')`,
  `UPDATE app.order SET status = 'sent'`,
  `UPDATE app.order SET feet = 1, inches = 2, body = 'c'`,
  `DELETE FROM app.order`,
  `INSERT INTO app.legacy (id) VALUES (1)`,
  `DELETE FROM app.legacy`,
  `BEGIN; SET LOCAL guitars.hard_delete = on; SET LOCAL guitars.keep_timestamps = on; UPDATE app.owner SET _deleted_at = '2001-01-01', _updated_at = '2001-01-01'; DELETE FROM app.owner; COMMIT`,
] as const;

/** Statements that have to be refused, by what they are refused with. */
const REFUSED = [
  ['23503', `INSERT INTO app.account (owner_id) VALUES (1000)`],
  ['23U05', `INSERT INTO app.doc (title) VALUES ('no revision')`],
  ['23U02', `BEGIN; INSERT INTO app.order (id, code) VALUES (9, 'a'); UPDATE app.order SET code = 'b'`],
  ['23U03', `BEGIN; INSERT INTO app.order (id, code) VALUES (9, 'a'); UPDATE app.order SET status = 'paid'`],
  ['23U03', `INSERT INTO app.order (id, status) VALUES (9, 'paid')`],
  ['23U04', `BEGIN; INSERT INTO app.order (id, code) VALUES (9, 'a'); UPDATE app.order SET feet = 1`],
] as const;

eachEngine('security: a schema of the attacker’s before pg_catalog', (engine) => {
  const db = useDatabase();
  const attacker = useAttacker(db);
  const victims: [string, () => Promise<pg.Client>][] = [
    ['the attacker himself', async () => attacker.it.connect()],
    ['the owner of the tables', () => db.client()],
    ['a superuser', () => db.admin()],
  ];

  before(async () => {
    defineVault(db.sequelize, engine);
    await db.sequelize.sync();
    await attacker.grant();
    await makeEvil(await db.admin());
  });

  afterEach(() => empty(db.sequelize));

  it('would be called, were a name looked for', async () => {
    const client = await attacker.it.connect();
    await client.query('SET search_path = evil, pg_catalog');
    for (const sql of [
      `SELECT 1 = 1`,
      `SELECT now()`,
      `SELECT 'a'::text`,
      `SELECT nullif('a', 'b')`,
      'SELECT FROM pg_class',
    ])
      expect(await client.query(sql).catch((error: Error) => error.message), sql).to.match(/evil .* was called/);
    await client.query('RESET search_path');
    const there = await size(client);
    expect(there.operators).to.be.greaterThan(500);
    expect(there.functions).to.be.greaterThan(100);
    expect(there.types).to.be.greaterThan(10);
  });

  for (const [who, connect] of victims) {
    it(`none of it is called by what ${who} sets off, and all of it is enforced`, async () => {
      const client = await connect();
      const before = await calls(client);
      await client.query('SET search_path = evil, pg_catalog, app');
      for (const sql of WORK) await client.query(sql).catch((error: Error) => expect.fail(`${sql}: ${error.message}`));
      for (const [code, sql] of REFUSED) {
        const error = await client.query(sql).then(
          () => undefined,
          (caught: { code: string; message: string }) => caught,
        );
        expect(error?.code, `${sql}: ${error?.message}`).to.equal(code);
        await client.query('ROLLBACK');
      }
      await client.query('RESET search_path');
      expect(await calls(client)).to.equal(before);
    });
  }
});
