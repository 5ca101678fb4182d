import type { Batch } from './batch';
import { leftBy } from './count';
import type { Ground } from './ground';
import type { Left, TableCount } from './report';

/** What the batches come to together. */
export class Tally {
  /** Rows of the purged table that were looked at. */
  seen = 0;
  private readonly gone = new Map<number, number>();
  private readonly blocked = new Map<number, number>();
  private readonly refused = new Map<string, Left>();

  constructor(private readonly ground: Ground) {}

  /** A batch, or what would not let one row go. */
  add(done: Batch | Omit<Left, 'rows'>): void {
    if ('reason' in done) {
      const { rows } = this.refused.get(done.constraint) ?? { rows: 0 };
      this.refused.set(done.constraint, { ...done, rows: rows + 1 });
      return;
    }
    this.seen += done.seen;
    for (const [n, rows] of done.gone) this.gone.set(n, (this.gone.get(n) ?? 0) + rows);
    for (const [n, rows] of done.blocked) this.blocked.set(n, (this.blocked.get(n) ?? 0) + rows);
  }

  tables(): TableCount[] {
    return this.ground.places.map(({ ref }, n) => {
      return { schema: ref.schema, table: ref.name, rows: this.gone.get(n) ?? 0 };
    });
  }

  because(): Left[] {
    return [...[...this.blocked].map(([n, rows]) => leftBy(this.ground, n, rows)), ...this.refused.values()];
  }
}
