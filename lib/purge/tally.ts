import type { Batch } from './batch';
import { leftBy, tablesOf } from './count';
import type { Ground } from './ground';
import type { Refusal } from './refusal';
import type { Left, TableCount } from './report';

/** Refusals that are told apart; a message of a trigger may have the row's key in it. */
const TOLD = 100;
const MORE = { constraint: '', table: '', reason: 'refused for other reasons' };

/** What the batches come to together. */
export class Tally {
  /** Rows of the purged table that were looked at. */
  seen = 0;
  private readonly gone = new Map<number, number>();
  private readonly stopped = new Map<number, number>();
  private readonly refused = new Map<string, Left>();

  constructor(private readonly ground: Ground) {}

  /** A batch. */
  add(done: Batch): void {
    this.seen += done.seen;
    for (const [n, rows] of done.gone) this.gone.set(n, (this.gone.get(n) ?? 0) + rows);
    for (const [n, rows] of done.stopped) this.stopped.set(n, (this.stopped.get(n) ?? 0) + rows);
  }

  /** What would not let one row go. */
  refuse({ constraint, table, message }: Refusal): void {
    const own = JSON.stringify([table, constraint, message]);
    const isNew = !this.refused.has(own) && this.refused.size >= TOLD;
    const [key, why] = isNew ? ['', MORE] : [own, { constraint, table, reason: message }];
    this.refused.set(key, { ...why, rows: (this.refused.get(key)?.rows ?? 0) + 1 });
  }

  tables(): TableCount[] {
    return tablesOf(this.ground, this.gone);
  }

  because(): Left[] {
    return [...leftBy(this.ground, this.stopped), ...this.refused.values()];
  }
}
