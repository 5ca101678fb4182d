import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

export const LEVELS = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'] as const;
export type Level = (typeof LEVELS)[number];

/** How long a statement may be under way, in milliseconds, before the server is asked whether it waits. */
const ASK_AFTER = 2;

/** One connection of an interleaving: SQL sent in turn, with what became of it. */
export class Session {
  readonly errors: string[] = [];
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly client: pg.Client,
    private readonly watcher: pg.Client,
  ) {}

  get pid(): number {
    return (this.client as unknown as { processID: number }).processID;
  }

  /**
   * Sends a statement, after those before it, and waits until it is done or until the server says that this session
   * waits for a lock.
   */
  async step(sql: string): Promise<void> {
    let settled = false;
    this.last = this.last
      .then(() => this.client.query(sql))
      .catch((error: { code?: string }) => this.errors.push(error.code ?? 'unknown'))
      .finally(() => {
        settled = true;
      });
    // Asking costs more than most statements take: they are done before it has to be asked.
    await Promise.race([this.last, sleep(ASK_AFTER)]);
    while (!settled && !(await this.waits())) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Waits for the statement under way. */
  done(): Promise<unknown> {
    return this.last;
  }

  private async waits(): Promise<boolean> {
    const { rows } = await this.watcher.query('SELECT cardinality(pg_blocking_pids($1)) > 0 AS waits', [this.pid]);
    return rows[0].waits;
  }
}

/** Every order in which two lists can be merged that keeps each list's own order. */
export function merges<T>(one: readonly T[], other: readonly T[]): T[][] {
  if (one.length === 0) return [[...other]];
  if (other.length === 0) return [[...one]];
  const [a, ...as] = one as [T, ...T[]];
  const [b, ...bs] = other as [T, ...T[]];
  return [...merges(as, other).map((rest) => [a, ...rest]), ...merges(one, bs).map((rest) => [b, ...rest])];
}
