import { expect } from 'chai';
import type pg from 'pg';
import { install } from '../../../lib';
import { useDatabase } from '../../support/database';
import { Random } from '../../support/random';
import { check } from './check';
import { plant } from './ground';
import type { Operation, Target } from './load/operation';
import { Tally } from './load/tally';
import { defineModels } from './models';
import { note } from './round';
import { observe } from './shadow';
import { makeTables } from './tables';

/** What is told of a statement: what it was to do, and to which rows. */
interface Told {
  sql: string;
  kind?: Operation['kind'];
  relation?: string;
  targets?: Target[];
}

const off = (trigger: string, table: string) => `ALTER TABLE ${table} DISABLE TRIGGER ${trigger}`;
const archive = (relation: string, target: Target): Told => ({
  kind: 'archive',
  relation,
  targets: [target],
  sql: `UPDATE ${relation} SET _deleted_at = now() WHERE id = ${target.id}`,
});
const restore = (relation: string, target: Target): Told => ({
  ...archive(relation, target),
  kind: 'restore',
  sql: `UPDATE ${relation} SET _deleted_at = NULL WHERE id = ${target.id}`,
});
const family = `INSERT INTO country (id) VALUES (70); INSERT INTO region (id, country_id) VALUES (70, 70), (71, 70), (72, NULL)`;

/** How each promise is broken by hand: what is taken away, and what is then done. */
const BREAKS: [promise: string, what: string, ...steps: (string | Told)[]][] = [
  [
    'F1',
    'a child of nothing',
    'ALTER TABLE pet DROP CONSTRAINT pet_owner_id_fkey',
    'INSERT INTO pet (id, owner_id) VALUES (70, 99)',
  ],
  [
    'F1',
    'a ticket for no seat',
    'ALTER TABLE ticket DROP CONSTRAINT ticket_hall_id_number_fkey',
    'INSERT INTO ticket (id, hall_id, number) VALUES (70, 1, 9)',
  ],
  ['F3', 'no cascade', family, off('guitars_cascade', 'country'), archive('country', { id: 70 })],
  [
    'F3',
    'no look at the parent',
    family,
    archive('country', { id: 70 }),
    off('guitars_parents_insert', 'region'),
    'INSERT INTO region (id, country_id) VALUES (73, 70)',
  ],
  [
    'U1',
    'a code twice',
    'DROP INDEX country_code_unique',
    `INSERT INTO country (id, code) VALUES (70, 'x'), (71, 'x')`,
  ],
  [
    'T1',
    'another time of creation',
    family,
    off('guitars_stamp', 'region'),
    `UPDATE region SET _created_at = '1999-01-01', _updated_at = now() WHERE id = 70`,
  ],
  [
    'T2',
    'another time of the update',
    family,
    off('guitars_stamp', 'region'),
    `UPDATE region SET _updated_at = '2099-01-01' WHERE id = 70`,
  ],
  [
    'T3',
    'another time of the deletion',
    family,
    off('guitars_stamp', 'fan'),
    'INSERT INTO fan (id) VALUES (70)',
    {
      ...archive('fan', { id: 70 }),
      sql: `UPDATE fan SET _deleted_at = '2001-01-01', _updated_at = now() WHERE id = 70`,
    },
  ],
  [
    'T3',
    'a time that moves',
    'INSERT INTO fan (id) VALUES (70)',
    archive('fan', { id: 70 }),
    off('guitars_stamp', 'fan'),
    `UPDATE fan SET _deleted_at = '2001-01-01', _updated_at = now() WHERE id = 70`,
  ],
  [
    'D1',
    'a DELETE that deletes',
    family,
    'DROP RULE guitars_soft_delete ON country',
    off('guitars_bypass', 'country'),
    { ...archive('country', { id: 70 }), sql: 'DELETE FROM country WHERE id = 70' },
  ],
  [
    'D1',
    'more than was meant goes through the door',
    family,
    {
      sql: 'SET LOCAL guitars.hard_delete = on; DELETE FROM region WHERE id IN (70, 71)',
      kind: 'hard',
      relation: 'region',
      targets: [{ id: 70 }],
    },
  ],
  [
    'D1',
    'a row is lost unseen',
    family,
    off('zz_shadow', 'region'),
    'SET LOCAL guitars.hard_delete = on; DELETE FROM region WHERE id = 70',
  ],
  ['D1', 'a row is changed unseen', family, off('zz_shadow', 'region'), `UPDATE region SET value = 'x' WHERE id = 70`],
  ['D5', 'a door that nobody has opened', 'SET LOCAL guitars.hard_delete = on; INSERT INTO fan (id) VALUES (70)'],
  [
    'F2',
    'another parent’s child is archived',
    family,
    {
      ...archive('country', { id: 70 }),
      sql: 'UPDATE country SET _deleted_at = now() WHERE id = 70; UPDATE region SET _deleted_at = now() WHERE id = 72',
    },
  ],
  [
    'R1',
    'what was archived apart comes back',
    family,
    archive('region', { id: 70 }),
    archive('country', { id: 70 }),
    {
      ...restore('country', { id: 70 }),
      sql: 'UPDATE country SET _deleted_at = NULL WHERE id = 70; UPDATE region SET _deleted_at = NULL WHERE id = 70',
    },
  ],
  [
    'R1',
    'a child stays behind',
    family,
    archive('country', { id: 70 }),
    off('guitars_cascade', 'country'),
    restore('country', { id: 70 }),
  ],
];

describe('random histories: the checks find what is broken', () => {
  const db = useDatabase();
  let client: pg.Client;
  let told = 0;

  before(async () => {
    client = await db.client();
    await makeTables(client);
    defineModels(db.sequelize);
    await install(db.sequelize);
    await observe(client);
    await plant(client, new Random(1));
  });

  it('nothing, where all is well', async () => {
    await done([family, archive('country', { id: 70 }), restore('country', { id: 70 })]);
    expect(await broken()).to.deep.equal([]);
  });

  for (const [promise, what, ...steps] of BREAKS) {
    it(`${promise}: ${what}`, async () => {
      await done(steps);
      expect(await broken()).to.deep.equal([promise]);
    });
  }

  afterEach(() => client.query('ROLLBACK'));

  // All of it in one transaction, which is undone: what has been taken away is back.
  async function done(steps: readonly (string | Told)[]): Promise<void> {
    const tally = new Tally();
    await client.query('BEGIN');
    for (const step of steps) {
      const { sql, kind = 'edit', relation = 'none', targets = [] } = typeof step === 'string' ? { sql: step } : step;
      const op = `op.${told++}`;
      tally.journal.push({ op, history: op, operation: { kind, relation, how: 'update', targets, rows: [] } });
      await client.query(`SET LOCAL fire.op = '${op}'; ${sql}; SET LOCAL guitars.hard_delete = ''`);
    }
    await note(client, tally);
  }

  const broken = async () => [...new Set((await check(client)).map(({ promise }) => promise))];
});
