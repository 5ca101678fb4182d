import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { useDatabase } from '../../support/database';

const run = promisify(execFile);
const HOOK = ['--require', './test/rest/express/four.cjs'];

describe('Express 4', () => {
  const database = useDatabase();

  it('is what the package loads where the application has it', async () => {
    const layer = `'regexp' in require('./lib/rest/express').newRouter().get('/', () => {}).stack[0]`;
    const { stdout } = await run(process.execPath, [...HOOK, '--require', 'tsx/cjs', '--print', layer]);
    expect(stdout).to.equal('true\n');
  });

  it('has routes that do the same', async function () {
    this.timeout(300_000);
    const { server } = database;
    const files = ['verbs', 'keys', 'hostile', 'express/applications'].map((name) => `test/rest/${name}.test.ts`);
    const mocha = [require.resolve('mocha/bin/mocha.js'), '--no-config', '--require', 'tsx/cjs', '--timeout', '60000'];
    const args = [...HOOK, ...mocha, '--require', './test/support/fixtures.ts', ...files];
    // On the same server, with a role and databases of its own.
    const env = { ...process.env, DATABASE_URL: server.url(server.admin.database, 'admin') };
    const { stdout } = await run(process.execPath, args, { env }).catch((error) => error);
    expect(stdout)
      .to.match(/\b\d{2,} passing/)
      .and.not.include('failing');
  });
});
