import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { PostgresServer } from './server';

const VERSIONS = path.resolve(__dirname, '../../fire/versions');
const ROLE = { name: 'guitars_app', password: 'none' };

/**
 * PGlite in place of a server, with `GUITARS_POSTGRES=pglite`. All connections to a database share one session, which is
 * the application's role; so there is no administrator, and what two sessions do at once cannot be tested.
 */
export async function startPglite(): Promise<PostgresServer> {
  const host = fork(path.join(VERSIONS, 'pglite-host.mjs'), [ROLE.name], { execArgv: [], env: {} });
  host.unref();
  host.channel?.unref();
  const ask = asker(host);
  const ports = new Map<string, number>();
  let made = 0;
  return {
    host: '127.0.0.1',
    port: 0,
    admin: { user: ROLE.name, password: ROLE.password, database: 'postgres' },
    role: ROLE,
    versionNum: 180000,
    url: (database) => `postgres://${ROLE.name}:${ROLE.password}@127.0.0.1:${ports.get(database) ?? 1}/postgres`,
    async createDatabase(name = `guitars_${++made}`) {
      ports.set(name, Number(await ask('create', name)));
      return name;
    },
    async dropDatabase(name) {
      await ask('drop', name);
    },
    async stop() {
      if (host.connected) host.disconnect();
    },
  };
}

/** Sends an order, and resolves with the port that the answer names, if any. */
function asker(host: ChildProcess): (what: 'create' | 'drop', name: string) => Promise<number | undefined> {
  let last = 0;
  return (what, name) => {
    const id = ++last;
    host.channel?.ref();
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        host.off('message', answered);
        host.off('exit', ended);
        host.channel?.unref();
        act();
      };
      const ended = () =>
        settle(() => reject(new Error('PGlite has ended: is it installed? npm ci --prefix test/fire/versions')));
      const answered = (answer: { id: number; port?: number; error?: string }) => {
        if (answer.id !== id) return;
        settle(() => (answer.error ? reject(new Error(answer.error)) : resolve(answer.port)));
      };
      host.on('message', answered);
      host.once('exit', ended);
      host.send({ id, what, name });
    });
  };
}
