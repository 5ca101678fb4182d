import { type PostgresServer, startServer } from './server';

let server: Promise<PostgresServer> | undefined;

/** The one server of this process, started when the first test asks for it. */
export function sharedServer(): Promise<PostgresServer> {
  server ??= startServer();
  return server;
}

/** Stops the shared server, if any test has asked for it. */
export async function stopSharedServer(): Promise<void> {
  const started = server;
  server = undefined;
  // One that failed to start has failed the test that asked for it, and has nothing left to stop.
  await (await started?.catch(() => undefined))?.stop();
}
