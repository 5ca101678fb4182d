import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Outcome } from './keeper';

const STARTUP_DEADLINE = 60_000;

/** Resolves once our own server, known by its password, lets a client in. */
export async function accepts(url: URL): Promise<'accepts' | Outcome> {
  const deadline = Date.now() + STARTUP_DEADLINE;
  for (;;) {
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return 'accepts';
    } catch (error) {
      if (Date.now() > deadline) return { error: `no connection within ${STARTUP_DEADLINE} ms: ${error}` };
      await sleep(20);
    }
  }
}
