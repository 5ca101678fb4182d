import { expect } from 'chai';
import { useDatabase } from '../support/database';
import { defineShape } from './shapes';
import { eachEngine, live, number, refusal, sqlstate, wipe } from './world';

eachEngine('F2 self-references, cycles and diamonds', (engine) => {
  const db = useDatabase();
  const query = (sql: string) => db.sequelize.query(sql);
  const alive = (table: string) => live(db.sequelize, table);
  before(async () => {
    defineShape(
      db.sequelize,
      engine,
      {
        employee: { boss: ['employee', 'CASCADE'] },
        ring_a: { b: ['ring_b', 'CASCADE'] },
        ring_b: { a: ['ring_a', 'CASCADE'] },
        root: {},
        left_arm: { root: ['root', 'CASCADE'] },
        right_arm: { root: ['root', 'CASCADE'] },
        hand: { left: ['left_arm', 'CASCADE'], right: ['right_arm', 'CASCADE'] },
        guarded: { left: ['left_arm', 'NO ACTION'], right: ['right_arm', 'CASCADE'] },
        tree: { parent: ['tree', 'NO ACTION'] },
        keeper: {},
        kept: { keeper: ['keeper', 'CASCADE'] },
        bound: { keeper: ['keeper', 'CASCADE'] },
        taken: { keeper: ['keeper', 'SET NULL'] },
      },
      {
        kept: { onSoftDelete: { keeper_link: 'keep' } },
        bound: { onSoftDelete: { keeper_link: 'restrict' } },
        taken: { onSoftDelete: { keeper_link: 'cascade' } },
      },
    );
    await db.sequelize.sync();
  });
  afterEach(() => wipe(db.sequelize));

  it('F2 a chain through a self-reference, and all of it in one statement', async () => {
    await query('INSERT INTO employee (id, boss) SELECT n, nullif(n - 1, 0) FROM generate_series(1, 50) AS n');
    await query('DELETE FROM employee WHERE id = 11');
    expect(await alive('employee')).to.equal(10);
    await query('UPDATE employee SET _deleted_at = NULL WHERE id = 11');
    expect(await alive('employee')).to.equal(50);
    await query('DELETE FROM employee');
    expect([await alive('employee'), await number(db.sequelize, 'SELECT count(*) AS n FROM employee')]).to.deep.equal([
      0, 50,
    ]);
  });

  it('F2 a row that is its own parent', async () => {
    await query('INSERT INTO employee (id, boss) VALUES (1, 1)');
    await query('DELETE FROM employee');
    expect(await alive('employee')).to.equal(0);
    await query('UPDATE employee SET _deleted_at = NULL');
    expect(await alive('employee')).to.equal(1);
  });

  it('F2 a cycle through two tables goes and comes back as a whole', async () => {
    await query('INSERT INTO ring_a (id) VALUES (1), (2)');
    await query('INSERT INTO ring_b (id, a) VALUES (1, 1), (2, 2)');
    await query('UPDATE ring_a SET b = 3 - id');
    await query('DELETE FROM ring_a WHERE id = 1');
    expect([await alive('ring_a'), await alive('ring_b')]).to.deep.equal([0, 0]);
    await query('UPDATE ring_a SET _deleted_at = NULL WHERE id = 1');
    expect([await alive('ring_a'), await alive('ring_b')]).to.deep.equal([2, 2]);
    await query('DELETE FROM ring_a');
    expect([await alive('ring_a'), await alive('ring_b')]).to.deep.equal([0, 0]);
  });

  it('F2 a diamond goes and comes back as a whole', async () => {
    await query('INSERT INTO root (id) VALUES (1)');
    await query('INSERT INTO left_arm (id, root) VALUES (1, 1)');
    await query('INSERT INTO right_arm (id, root) VALUES (1, 1)');
    await query('INSERT INTO hand (id, "left", "right") VALUES (1, 1, 1)');
    await query('DELETE FROM root');
    expect([await alive('left_arm'), await alive('right_arm'), await alive('hand')]).to.deep.equal([0, 0, 0]);
    await query('UPDATE root SET _deleted_at = NULL');
    expect([await alive('left_arm'), await alive('right_arm'), await alive('hand')]).to.deep.equal([1, 1, 1]);
  });

  it('F2 a guarded child that the same deletion archives by another way guards nothing', async () => {
    await query('INSERT INTO root (id) VALUES (1), (2)');
    await query('INSERT INTO left_arm (id, root) VALUES (1, 1)');
    await query('INSERT INTO right_arm (id, root) VALUES (1, 1), (2, 2)');
    await query('INSERT INTO guarded (id, "left", "right") VALUES (1, 1, 1)');
    await query('DELETE FROM root WHERE id = 1');
    expect([await alive('root'), await alive('guarded')]).to.deep.equal([1, 0]);
    await query('UPDATE root SET _deleted_at = NULL WHERE id = 1');
    expect(await alive('guarded')).to.equal(1);
    await query('UPDATE guarded SET "right" = 2');
    expect(await sqlstate(query('DELETE FROM root WHERE id = 1'))).to.equal('23503');
    expect(await alive('root')).to.equal(2);
  });

  it('F2 NO ACTION is judged when the statement is done: parent and child in one DELETE', async () => {
    await query('INSERT INTO tree (id, parent) VALUES (1, NULL), (2, 1), (3, 2)');
    expect(await sqlstate(query('DELETE FROM tree WHERE id = 2'))).to.equal('23503');
    await query('DELETE FROM tree');
    expect(await alive('tree')).to.equal(0);
  });

  it('F2 per-association overrides', async () => {
    await query('INSERT INTO keeper (id) VALUES (1), (2), (3)');
    await query('INSERT INTO kept (id, keeper) VALUES (1, 1)');
    await query('INSERT INTO bound (id, keeper) VALUES (1, 2)');
    await query('INSERT INTO taken (id, keeper) VALUES (1, 3)');
    await query('DELETE FROM keeper WHERE id = 1');
    expect(await alive('kept')).to.equal(1);
    expect((await refusal(query('DELETE FROM keeper WHERE id = 2'))).parent).to.include({
      constraint: 'bound_keeper_fkey',
    });
    await query('DELETE FROM keeper WHERE id = 3');
    expect(await alive('taken')).to.equal(0);
    await query('INSERT INTO kept (id, keeper) VALUES (2, 1)');
    expect(await sqlstate(query('INSERT INTO taken (id, keeper) VALUES (2, 1)'))).to.equal('23503');
  });
});
