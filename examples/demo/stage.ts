import pg from 'pg';
import type { Sequelize } from 'sequelize';
import { census, inWords, tallied } from './census';
import type { Check } from './outcome';
import type { Trace } from './trace';
import type { castOf, Tally, World } from './world';

type Row = Record<string, unknown>;

/** What a scene works with: two ways to send something, and a book in which the results are written. */
export class Stage {
  readonly checks: Check[] = [];
  #listening: string[] | undefined;

  constructor(
    readonly client: pg.Client,
    readonly sequelize: Sequelize,
    readonly trace: Trace,
    readonly world: World,
    readonly cast: ReturnType<typeof castOf>,
  ) {}

  /** Given to Sequelize as `logging`. */
  readonly hear = (sql: string): void => {
    this.#listening?.push(sql);
  };

  /** Sends SQL through a client that knows nothing of Sequelize; answers the rows. */
  async raw(sql: string, describe: (result: pg.QueryResult<Row>) => string = answerOf): Promise<Row[]> {
    const start = performance.now();
    const result = await this.client.query<Row>(sql);
    this.trace.exchange('raw', sql, describe(result), performance.now() - start);
    return result.rows;
  }

  /** Sends SQL that answers with one row. */
  async row(sql: string): Promise<Row> {
    const [row] = await this.raw(sql);
    if (!row) throw new Error(`No row came back: ${sql}`);
    return row;
  }

  /** Sends SQL that is meant to be refused; answers the SQLSTATE, or `accepted`. */
  async attempt(sql: string): Promise<string> {
    try {
      await this.raw(sql);
      return 'accepted';
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      this.trace.exchange('raw', sql, `ERROR ${error.code}: ${error.message}`);
      return String(error.code);
    }
  }

  /** Makes a call through the models, and shows the statements that it sent. */
  async orm<T>(call: string, run: () => Promise<T>, describe: (result: T) => string = String): Promise<T> {
    const start = performance.now();
    const heard: string[] = [];
    this.#listening = heard;
    let answer = '';
    try {
      const result = await run();
      answer = describe(result);
      return result;
    } catch (error) {
      answer = `${(error as Error).name}: ${(error as Error).message}`;
      throw error;
    } finally {
      this.#listening = undefined;
      this.trace.exchange('orm', call, answer, performance.now() - start);
      for (const sql of heard) this.trace.statement(sql);
    }
  }

  /** Counts rows by kind, under a condition. */
  async count(prefix: '' | 'plain_', condition?: string): Promise<Tally> {
    return tallied(await this.raw(census(prefix, condition), ({ rows }) => inWords(tallied(rows))));
  }

  /** Writes a line of the final table. */
  check(
    tables: 'guitar' | 'plain',
    what: string,
    expected: Check['expected'] | Tally,
    got: Check['got'] | Tally,
  ): void {
    const cell = <T>(value: T | Tally) => (typeof value === 'object' ? inWords(value as Tally) : value);
    this.checks.push({ tables, what, expected: cell(expected), got: cell(got) } as Check);
  }
}

/** The command tag as psql prints it, and the first rows. */
function answerOf({ command, rowCount, rows }: pg.QueryResult<Row>): string {
  const tag = [command, ...(command === 'INSERT' ? [0] : []), ...(rowCount === null ? [] : [rowCount])].join(' ');
  const shown = rows.slice(0, 3).map((row) => Object.entries(row).map(([name, value]) => `${name}: ${text(value)}`));
  return [tag, ...shown.map((cells) => cells.join(', '))].join(' · ');
}

function text(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
