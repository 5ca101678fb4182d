import type { Licence } from './promises';

/** One way in which a program writes. The title is the code, as the page shows it. */
export interface Call<C> extends Licence {
  readonly title: string;
  /** Does it, and answers what the program says of it: how many rows, or nothing. */
  run(connection: C): Promise<unknown>;
  /** The first major version of PostgreSQL that knows the statement. */
  readonly since?: number;
}

/** A program that writes to the tables, under the heading of the page that tells what comes of it. */
export interface Program<C> {
  readonly heading: string;
  /** Why it cannot be tried here. */
  missing?(): string | undefined;
  open(url: string): Promise<C>;
  close(connection: C): Promise<void>;
  readonly calls: readonly Call<C>[];
}

/** A program whose connection is its own affair. */
export interface Tried extends Omit<Program<unknown>, 'calls' | 'open' | 'close'> {
  readonly calls: readonly Omit<Call<unknown>, 'run'>[];
  open(url: string): Promise<{ run(title: string): Promise<unknown>; close(): Promise<void> }>;
}

export function tried<C>(program: Program<C>): Tried {
  const { heading, calls, missing } = program;
  const open = async (url: string) => {
    const connection = await program.open(url);
    return {
      run: (title: string) => {
        const call = calls.find((each) => each.title === title);
        if (!call) throw new Error(`${heading} has no call ${title}.`);
        return call.run(connection);
      },
      close: () => program.close(connection),
    };
  };
  return { heading, calls, missing, open };
}

interface Failure {
  readonly code?: unknown;
  readonly message?: string;
  readonly cause?: unknown;
  /** Of TypeORM's errors, and of Sequelize's. */
  readonly driverError?: unknown;
  readonly parent?: unknown;
}

/** What a refusal says: the SQLSTATE and the message, or where the program itself refuses, its message alone. */
export function refusalOf(error: unknown): string {
  const first = (text: string | undefined) => text?.split('\n')[0] ?? '';
  for (
    let at = error as Failure | undefined;
    at;
    at = (at.parent ?? at.driverError ?? at.cause) as Failure | undefined
  ) {
    // Knex puts the statement in front of the server's words.
    if (typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code) && !at.parent)
      return `${at.code} ${first(at.message).replace(/^.* - (?=\w)/, '')}`;
  }
  return first((error as Error).message);
}
