import { begins } from './statements';

/** What Sequelize uses of the driver's connection, and marks it with. */
export interface Connection {
  query(...args: unknown[]): unknown;
  end?(done: () => void): unknown;
  /** Not in every version of the driver. I: in no transaction; T: in one; E: in one that is aborted. */
  getTransactionStatus?(): 'I' | 'T' | 'E' | null | undefined;
  /** Of Sequelize's transaction, while it has the connection. */
  uuid?: string;
  /** The pool throws it away. */
  _invalid?: boolean;
}

/** Is a connection in a transaction as it is about to send `sql`? After an error the driver may not know yet. */
export function inTransaction(connection: Connection, sql = ''): boolean {
  const status = connection.getTransactionStatus?.();
  return status ? status !== 'I' : connection.uuid !== undefined && !begins(sql);
}

/** Ends a connection of which nobody knows any more what is set on it; the pool throws it away. */
export function giveUp(connection: Connection): void {
  connection._invalid = true;
  connection.end?.(() => {});
}
