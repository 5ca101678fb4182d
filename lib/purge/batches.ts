import { setTimeout as pause } from 'node:timers/promises';
import type { Sequelize } from 'sequelize';
import { type After, type Batch, purgeBatch } from './batch';
import type { Ground } from './ground';
import { HELD_ROW, Refusal, tried } from './refusal';

/** One batch after another, in the order of the primary key; and what would not let one row go. */
export async function* batches(
  sequelize: Sequelize,
  ground: Ground,
  batch: number,
  rate?: number,
): AsyncGenerator<Batch | Refusal> {
  const start = Date.now();
  let removed = 0;
  let after: After;
  const one = async (limit: number, skip = false) =>
    tried(sequelize, ground, () => purgeBatch(sequelize, ground, { after, limit, skip }));
  // A root may take many along: the next batch has fewer then, so that its transaction is as short.
  for (let limit = ground.order.steps.length > 0 ? Math.ceil(batch / 10) : batch; ; ) {
    let done = await one(limit);
    if (done === HELD_ROW || done instanceof Refusal) {
      if (limit > 1) {
        limit = Math.floor(limit / 2);
        continue;
      }
      if (done instanceof Refusal) yield done;
      done = await one(limit, true);
      if (done === HELD_ROW || done instanceof Refusal) continue;
    }
    yield done;
    if (done.seen < limit) return;
    after = done.last;
    const rows = [...done.gone.values()].reduce((sum, each) => sum + each, 0);
    removed += rows;
    limit = Math.max(1, Math.min(batch, limit * 2, Math.floor((batch * done.seen) / Math.max(rows, done.seen))));
    if (rate) await pause(Math.max(0, (removed / rate) * 1000 - (Date.now() - start)));
  }
}
