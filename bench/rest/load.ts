import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import autocannon from 'autocannon';
import type { Served } from './server';

/** A server in a process of its own. */
export interface Server {
  readonly port: number;
  readonly process: ChildProcess;
}

/** Starts a server. */
export async function start(served: Served): Promise<Server> {
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = fork(path.join(__dirname, 'server.ts'), { execArgv: ['--import', 'tsx'], env });
  child.send(served);
  const [port] = (await Promise.race([once(child, 'message'), gone(child)])) as [number];
  return { port, process: child };
}

async function gone(child: ChildProcess): Promise<never> {
  await once(child, 'exit');
  throw new Error('The server of the bench has ended.');
}

/** Requests that a server is loaded with. */
export interface Load {
  readonly method: 'GET' | 'DELETE';
  readonly amount: number;
  /** The path of the request of this number, from 0 on. */
  path(number: number): string;
}

/** How many requests are under way at a time: twice as many as there are connections to the database. */
const AT_ONCE = 10;

/**
 * The milliseconds that a server takes for all of them.
 *
 * @throws Error an answer is no success
 */
export async function load({ port }: Server, { method, amount, path: pathOf }: Load): Promise<number> {
  let sent = 0;
  let answered = 0;
  let end = Number.NaN;
  const begin = performance.now();
  const options: autocannon.Options = {
    url: `http://127.0.0.1:${port}`,
    connections: Math.min(AT_ONCE, amount),
    amount,
    sampleInt: 50,
    requests: [{ method, setupRequest: (request) => ({ ...request, path: pathOf(sent++) }) }],
  };
  const result = await new Promise<autocannon.Result>((done, failed) => {
    const run = autocannon(options, (error, found) => (error ? failed(error) : done(found)));
    // What follows the last answer is the tool's own.
    run.on('response', () => {
      if (++answered === amount) end = performance.now();
    });
  });
  if (result['2xx'] !== amount) throw new Error(`Of ${amount} requests ${result['2xx']} were answered with success.`);
  return end - begin;
}
