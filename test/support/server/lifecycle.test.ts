import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';

/** Prints the postmaster's process id once the server runs, then does as `ending` says. */
const script = (ending: string) => `
  const { startServer } = require(${JSON.stringify(__dirname)});
  const { statements } = require(${JSON.stringify(path.join(__dirname, 'statements'))});
  startServer().then(async (server) => {
    const url = new URL(server.url('postgres', 'admin'));
    const [{ data_directory }] = await statements(url, 'SHOW data_directory');
    console.log(require('node:fs').readFileSync(data_directory + '/postmaster.pid', 'utf8').split('\\n')[0]);
    ${ending}
  });`;
const WAIT = 'setInterval(() => {}, 1000);';

describe('the embedded server goes away, and its directory too', () => {
  let temporary: string;

  before(() => {
    temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-lifecycle-'));
    fs.chmodSync(temporary, 0o755);
  });

  after(() => fs.rmSync(temporary, { recursive: true, force: true }));

  for (const [title, ending] of Object.entries({
    'after stop()': 'await server.stop();',
    'at the end of a process that forgot stop()': '',
    'after an uncaught exception': `throw new Error('on purpose');`,
  })) {
    it(title, async () => {
      const child = start(ending);
      const postmaster = await postmasterOf(child);
      if (child.exitCode === null) await once(child, 'exit');
      await vanished(postmaster);
    });
  }

  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    it(`after ${signal}`, async () => {
      const child = start(WAIT);
      const postmaster = await postmasterOf(child);
      expect(alive(postmaster)).to.equal(true);
      child.kill(signal);
      await vanished(postmaster);
    });
  }

  it('after Ctrl-C, which signals the whole process group', async () => {
    const child = start(WAIT);
    const postmaster = await postmasterOf(child);
    process.kill(-(child.pid as number), 'SIGINT');
    await vanished(postmaster);
  });

  it('after SIGKILL while it starts', async () => {
    const child = start(WAIT);
    await until(() => scratch().length > 0);
    child.kill('SIGKILL');
    await vanished();
  });

  function start(ending: string): ChildProcess {
    const { DATABASE_URL, NODE_V8_COVERAGE, ...env } = process.env;
    return spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', script(ending)], {
      env: { ...env, TMPDIR: temporary },
      detached: true, // a process group of its own, as a shell would give it
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  async function postmasterOf(child: ChildProcess): Promise<number> {
    for await (const line of readline.createInterface({ input: child.stdout as NodeJS.ReadableStream }))
      return Number(line);
    throw new Error('the server did not start');
  }

  const scratch = () => fs.readdirSync(temporary).filter((name) => name.startsWith('guitars-postgres-'));
  const vanished = (pid?: number) => until(() => scratch().length === 0 && !(pid && alive(pid)));
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !condition(); await sleep(20)) {
    if (Date.now() > deadline) throw new Error('not within 30 seconds');
  }
}
