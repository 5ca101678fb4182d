import { performance } from 'node:perf_hooks';
import type pg from 'pg';

/** An application of old that goes on writing: it knows of no time, and remembers what it was told was done. */
export class Writer {
  writes = 0;
  /** What the slowest statement took, in milliseconds. */
  longest = 0;
  private readonly live = new Map<number, string>();
  private readonly deleted = new Set<number>();
  private stopped = false;

  constructor(
    private readonly client: pg.Client,
    private readonly name: string,
    private readonly rows: number,
  ) {}

  async run(): Promise<void> {
    for (let n = 0; !this.stopped; n++) {
      const email = `${this.name} ${n}`;
      const [made] = await this.timed('INSERT INTO member (email) VALUES ($1) RETURNING id', [email]);
      this.live.set(made?.id as number, email);
      // A row of before, anywhere in the table; each writer has its own.
      const old = ((n * 7919 + (this.name === 'one' ? 0 : 1)) * 2 + (this.name === 'one' ? 0 : 1)) % this.rows;
      if (old > 0) {
        await this.timed('UPDATE member SET email = $1 WHERE id = $2', [`${email} anew`, old]);
        this.live.set(old, `${email} anew`);
      }
      if (n % 3 === 0 && made) {
        await this.timed('DELETE FROM member WHERE id = $1', [made.id]);
        this.live.delete(made.id);
        this.deleted.add(made.id);
      }
    }
  }

  stop(): void {
    this.stopped = true;
  }

  /** What the table does not have as it was written. */
  async lost(): Promise<string[]> {
    const { rows } = await this.client.query('SELECT id, email, _deleted_at IS NULL AS live FROM member');
    const found = new Map(rows.map((row) => [row.id, row]));
    return [
      ...[...this.live]
        .filter(([id, email]) => !(found.get(id)?.live && found.get(id)?.email === email))
        .map(([id]) => `written: ${id}`),
      ...[...this.deleted].filter((id) => found.get(id)?.live).map((id) => `deleted: ${id}`),
    ];
  }

  private async timed(sql: string, values: unknown[]): Promise<{ id: number }[]> {
    const from = performance.now();
    const { rows } = await this.client.query(sql, values);
    this.longest = Math.max(this.longest, performance.now() - from);
    this.writes++;
    return rows;
  }
}
