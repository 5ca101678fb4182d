import { expect } from 'chai';
import { Session } from './interleaving';
import { eachEngine, live, useWorld } from './world';

eachEngine('D1 a DELETE that waits for somebody’s UPDATE, in READ COMMITTED', (engine) => {
  const world = useWorld(engine);

  async function meanwhile(deletion: string): Promise<number> {
    const [first, second, watcher] = await Promise.all([world.db.client(), world.db.client(), world.db.client()]);
    await first.query(`INSERT INTO country (id, name) VALUES (1, 'done')`);
    const [writer, deleter] = [new Session(first, watcher), new Session(second, watcher)];
    for (const step of ['BEGIN', `UPDATE country SET name = 'again' WHERE id = 1`]) await writer.step(step);
    await deleter.step(deletion);
    await writer.step('COMMIT');
    await Promise.all([writer.done(), deleter.done()]);
    expect([...writer.errors, ...deleter.errors]).to.deep.equal([]);
    return live(world.db.sequelize, 'country');
  }

  it('D1 archives a row that it names by its key', async () => {
    expect(await meanwhile('DELETE FROM country WHERE id = 1')).to.equal(0);
  });

  it(`D1 ${engine === 'rule' ? 'goes by the row as it was (docs/engines.md)' : 'leaves a row that does not match any more'}`, async () => {
    expect(await meanwhile(`DELETE FROM country WHERE name = 'done'`)).to.equal(engine === 'rule' ? 0 : 1);
  });

  it('D1 the UPDATE that archives leaves a row that does not match any more', async () => {
    expect(await meanwhile(`UPDATE country SET _deleted_at = now() WHERE name = 'done'`)).to.equal(1);
  });

  it('D1 a hard delete leaves it, too', async () => {
    expect(
      await meanwhile(`BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM country WHERE name = 'done'; COMMIT`),
    ).to.equal(1);
  });
});
