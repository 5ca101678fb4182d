import { setTimeout as pause } from 'node:timers/promises';
import type { Sequelize } from 'sequelize';
import { type OwnConnection, ownConnection } from '../enforcement/ownConnection';
import { GuitarsError } from '../errors';
import { qualified, type TableRef } from '../sql/identifiers';
import { SQLSTATE } from '../sql/sqlstates';

/** How a session goes about busy tables. */
export interface Patience {
  /** Milliseconds that others may have to queue behind us. */
  readonly lockTimeout: number;
  readonly attempts: number;
  readonly tell: (line: string) => void;
}

const LOCK = 'guitars.adopt';
const DEADLOCK = '40P01';

/**
 * A connection of our own: CREATE INDEX CONCURRENTLY runs outside transactions, and with the connection the lock goes
 * that keeps a second adoption away. After a kill the server finishes the statement first, and so does its lock.
 */
export class Session {
  private constructor(
    private readonly connection: OwnConnection,
    readonly patience: Patience,
  ) {}

  /** @throws GuitarsError the connection leads through a pooler in transaction mode */
  static async open(sequelize: Sequelize, patience: Patience): Promise<Session> {
    const connection = await ownConnection(sequelize, { default_transaction_isolation: 'read committed' });
    return new Session(connection, patience);
  }

  /** Waits until no other adoption is under way. By asking again: a statement that waits would hold up CONCURRENTLY. */
  async alone(): Promise<void> {
    for (let told = false; ; told = true) {
      const [row] = await this.select<{ locked: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS locked', [
        LOCK,
      ]);
      if (row?.locked) return;
      if (!told) this.patience.tell('Waiting for another adoption to finish.');
      await pause(250);
    }
  }

  async select<R extends object>(sql: string, values?: unknown[]): Promise<R[]> {
    return (await this.connection.query<R>(sql, values)).rows;
  }

  /** A statement that nobody queues behind, however long it waits. */
  async send(sql: string): Promise<void> {
    await this.connection.query(sql);
  }

  /** Work in one transaction. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.send('BEGIN');
    try {
      const result = await work();
      await this.send('COMMIT');
      return result;
    } catch (error) {
      await this.send('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** Statements that lock writers out, in one short transaction, tried until the table lets them in. */
  brief(title: string, table: TableRef, statements: readonly string[]): Promise<void> {
    return patiently(this.patience, title, () =>
      this.transaction(async () => {
        for (const sql of [...approach([table], this.patience.lockTimeout), ...statements]) await this.send(sql);
      }),
    );
  }

  close(): Promise<void> {
    return this.connection.end();
  }
}

/**
 * Gets ready to lock tables against writers. SHARE UPDATE EXCLUSIVE lets writers through while it is waited for, and
 * sends autovacuum away, which it takes a second to do: longer than writers should queue behind the lock that follows.
 */
export function approach(tables: readonly TableRef[], lockTimeout: number): string[] {
  return [
    `SET LOCAL lock_timeout = '60s'`,
    ...tables.map((table) => `LOCK TABLE ${qualified(table)} IN SHARE UPDATE EXCLUSIVE MODE`),
    `SET LOCAL lock_timeout = ${Number(lockTimeout)}`,
  ];
}

/**
 * Tries again and again while a table is busy, letting others through in between.
 *
 * @throws GuitarsError it never was free
 */
export async function patiently<T>(patience: Patience, title: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const code = stateOf(error);
      if (code !== SQLSTATE.lockNotAvailable && code !== DEADLOCK) throw error;
      if (attempt >= patience.attempts) {
        throw new GuitarsError(
          `${title}: the table was busy for longer than ${patience.lockTimeout} ms, ${attempt} times. ` +
            'What was done so far stays. Run it again when there is less traffic, or with a longer --lock-timeout.',
          { cause: error },
        );
      }
      patience.tell(`${title}: the table is busy; trying again (${attempt} of ${patience.attempts}).`);
      await pause(Math.min(100 * 2 ** attempt, 3000));
    }
  }
}

/** The SQLSTATE of what was thrown, also through Sequelize and through our own errors. */
export function stateOf(error: unknown): string | undefined {
  const { code, parent, cause } = (error ?? {}) as { code?: string; parent?: { code?: string }; cause?: unknown };
  return parent?.code ?? code ?? (cause ? stateOf(cause) : undefined);
}
