import type pg from 'pg';

type Done = (error?: Error) => void;
interface Connection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** COPY … FROM STDIN over node-postgres, which speaks the protocol and leaves the sending to its caller. */
export function copyIn(client: pg.Client, sql: string, data: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const done: Done = (error) => (error ? reject(error) : resolve());
    let failed: Error | undefined;
    const query = {
      submit: (connection: Connection) => connection.query(sql),
      handleCopyInResponse(connection: Connection) {
        connection.sendCopyFromChunk(Buffer.from(data));
        connection.endCopyFrom();
      },
      handleRowDescription() {},
      handleDataRow() {},
      handleCommandComplete() {},
      handleError(error: Error) {
        failed = error;
        done(error);
      },
      handleReadyForQuery: () => !failed && done(),
    };
    client.query(query as never);
  });
}
