import pg from 'pg';
import type { Operation, Plan } from './operation';
import { statementsFor } from './sql';

/** How a worker speaks to the database. Whatever it is told fails with the database's error. */
export interface Session {
  /** The server's process, once there is one. */
  readonly pid: number | undefined;
  begin(plan: Pick<Plan, 'level' | 'timeout'>, op: string): Promise<void>;
  run(operation: Operation, op: string): Promise<void>;
  say(sql: string): Promise<void>;
  end(commit: boolean): Promise<void>;
  /** Connects, where that is for the session to do, unless it is connected. */
  open(): Promise<void>;
  /** After an error that has cost the connection, or might have. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

export const named = (op: string) => `SET LOCAL fire.op = '${op}'`;

/** A connection without Sequelize. */
export class RawSession implements Session {
  protected client: pg.Client | undefined;

  constructor(protected readonly url: string) {}

  get pid(): number | undefined {
    return (this.client as unknown as { processID: number } | undefined)?.processID;
  }

  async begin({ level, timeout }: Pick<Plan, 'level' | 'timeout'>, op: string): Promise<void> {
    await this.say(`BEGIN ISOLATION LEVEL ${level}; ${named(op)}${timeout ? `; SET LOCAL ${timeout}` : ''}`);
  }

  async run(operation: Operation, op: string): Promise<void> {
    for (const sql of statementsFor(operation)) await this.say(`${named(op)}; ${sql}`);
  }

  async say(sql: string): Promise<void> {
    await this.client?.query(sql);
  }

  end(commit: boolean): Promise<void> {
    return this.say(commit ? 'COMMIT' : 'ROLLBACK');
  }

  async open(): Promise<void> {
    if (!this.client) await this.renew();
  }

  async renew(): Promise<void> {
    const old = this.client;
    this.client = new pg.Client({ connectionString: this.url });
    this.client.on('error', () => {}); // another worker ends it
    await Promise.all([old?.end().catch(() => undefined), this.client.connect()]);
  }

  async close(): Promise<void> {
    await this.client?.end().catch(() => undefined);
  }
}
