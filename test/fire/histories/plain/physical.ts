import type { Operation } from '../load/operation';
import { named, RawSession } from '../load/session';
import { insert, statementsFor } from '../load/sql';

/**
 * The same choices where there is no soft deletion: a DELETE removes the row and, by the keys, its children. A restore
 * inserts the row again, without links, so that the tables do not run empty.
 */
export class PhysicalSession extends RawSession {
  override async run(operation: Operation, op: string): Promise<void> {
    for (const sql of plainly(operation)) await this.say(`${named(op)}; ${sql}`);
  }
}

function plainly(operation: Operation): string[] {
  const { kind, relation, targets } = operation;
  if (kind === 'archive' || kind === 'hard') return statementsFor({ ...operation, kind: 'remove' });
  if (kind !== 'restore') return statementsFor(operation);
  const rows = targets.filter((target) => 'id' in target || 'number' in target);
  return rows.map((row) => `${insert(relation, [{ ...row, n: 0 }])} ON CONFLICT DO NOTHING`);
}
