import { type Token, tokens } from '../triggers/tokens';
import type { Connection } from './status';

/** Doors that were closed in the transaction that a connection is in. */
interface Closed {
  /** Sequelize's name of the transaction. */
  readonly uuid: string | undefined;
  readonly doors: Set<string>;
}

const closed = new WeakMap<Connection, Closed>();

const GOES_BACK = [/\brollback\b/i, /\bto\b/i];

/**
 * Has a door stay closed when the transaction goes back to a savepoint, until the transaction ends: PostgreSQL gives the
 * setting the value that it had as the savepoint was set, which may be open. It is never opened here.
 */
export function closeBehindSavepoints(connection: Connection, door: string): void {
  const { uuid } = connection;
  const before = closed.get(connection);
  if (!before) follow(connection);
  const doors = before?.uuid === uuid ? before?.doors : undefined;
  closed.set(connection, { uuid, doors: new Set(doors).add(door) });
}

/** The server has opened a door, which PostgreSQL itself gives the value that it had at a savepoint. */
export function openedAgain(connection: Connection, door: string): void {
  closed.get(connection)?.doors.delete(door);
}

function follow(connection: Connection): void {
  const query = connection.query.bind(connection);
  connection.query = (...args: unknown[]) => {
    const { uuid, doors } = closed.get(connection) as Closed;
    const [sql, ...rest] = args;
    if (doors.size > 0 && uuid !== undefined && uuid === connection.uuid && typeof sql === 'string')
      return query(closing(sql, doors), ...rest);
    return query(...args);
  };
}

/**
 * SQL that closes doors behind each of its statements that goes back to a savepoint. In one message: nothing comes between,
 * and who goes back hears of what fails. Such a statement takes no parameters, and SET answers no rows.
 */
function closing(sql: string, doors: ReadonlySet<string>): string {
  // Most SQL, without a look at what is a statement, and what a text.
  if (!GOES_BACK.every((word) => word.test(sql))) return sql;
  const close = [...doors].map((door) => `\n; SET LOCAL ${door} = ''`).join('');
  let made = '';
  let statement: string[] = [];
  for (const { kind, text } of [...tokens(sql), END]) {
    if (kind === 'sign' && text === ';') {
      const [first, ...others] = statement;
      if (first === 'rollback' && others.slice(0, 2).includes('to')) made += close;
      statement = [];
    } else if (kind !== 'space' && kind !== 'comment') {
      statement.push(kind === 'word' ? text.toLowerCase() : '');
    }
    made += text;
  }
  return made.slice(0, -END.text.length);
}

const END: Token = { kind: 'sign', text: ';' };
