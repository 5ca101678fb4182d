import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';

const MAIN = path.join(__dirname, '../../examples/demo/main.ts');
/** Has every census that the demo takes come out one higher than the database said. */
const MISCOUNT = `
  const { prototype } = require('pg').Client;
  const { query } = prototype;
  prototype.query = function (...args) {
    const answer = query.apply(this, args);
    if (!/^SELECT kind, count/.test(args[0])) return answer;
    return answer.then((result) => ({ ...result, rows: result.rows.map((row) => ({ ...row, count: row.count + 1 })) }));
  };`;

describe('npm run demo', () => {
  let temporary: string;

  before(() => {
    temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-demo-'));
    fs.chmodSync(temporary, 0o755);
  });

  after(() => fs.rmSync(temporary, { recursive: true, force: true }));

  it('is the demo', () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(__dirname, '../../package.json'), 'utf8'));
    expect(scripts.demo).to.equal('tsx examples/demo/main.ts');
  });

  it('gets from the database what it expects, and leaves nothing behind', async () => {
    const { code, output } = await ended(demo(['--countries', '6']));
    expect(code, output).to.equal(0);
    const rows = tableOf(output);
    expect(rows.filter(({ tables }) => tables === 'guitar')).to.have.length.above(25);
    expect(rows.filter(({ tables }) => tables === 'plain')).to.have.length.above(5);
    for (const row of rows) expect(row).to.include({ got: row.expected, verdict: 'ok' });
    expect(output).to.include(`${rows.length} checks, all as expected.`);
    expect(strayCodes(output)).to.deep.equal([]);
    expect(leftovers()).to.deep.equal([]);
  });

  it('exits 1 when an answer is not the expected one', async () => {
    const preload = path.join(temporary, 'miscount.cjs');
    const pg = JSON.stringify(require.resolve('pg'));
    fs.writeFileSync(preload, MISCOUNT.replace(`'pg'`, pg));
    const { code, output } = await ended(demo(['--countries', '3'], ['--require', preload]));
    expect(code, output).to.equal(1);
    expect(tableOf(output).filter(({ verdict }) => verdict === 'MISMATCH')).to.have.length.above(10);
    expect(output).to.match(/\d+ checks, \d+ MISMATCHED\./);
    expect(leftovers()).to.deep.equal([]);
  });

  it('exits 1 on arguments that it does not understand, before it starts anything', async () => {
    const { code, output, errors } = await ended(demo(['--countries', 'many']));
    expect({ code, output, errors }).to.deep.equal({
      code: 1,
      output: '',
      errors: '--countries many: give a whole number, 3 or more.\n',
    });
  });

  it('leaves nothing behind after Ctrl-C, which signals the whole process group', async () => {
    const { DATABASE_URL, ...embedded } = process.env;
    const child = demo(['--countries', '6'], [], embedded);
    const result = ended(child);
    await said(child, 'Country.bulkCreate');
    expect(leftovers()).to.have.length(1);
    process.kill(-(child.pid as number), 'SIGINT');
    const { code, errors } = await result;
    expect(code).to.equal(130);
    expect(errors).to.equal('\nInterrupted: stopping the server.\n');
    for (const deadline = Date.now() + 20_000; leftovers().length > 0 && Date.now() < deadline; ) await sleep(20);
    expect(leftovers()).to.deep.equal([]);
  });

  function demo(args: string[], execArgs: string[] = [], env = process.env): ChildProcess {
    const { NODE_V8_COVERAGE, ...rest } = env;
    return spawn(process.execPath, ['--require', 'tsx/cjs', ...execArgs, MAIN, ...args], {
      env: { ...rest, TMPDIR: temporary },
      detached: true, // a process group of its own, as a shell would give it
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Scratch directories of servers; each goes only after its server. */
  const leftovers = () => fs.readdirSync(temporary).filter((name) => name.startsWith('guitars-postgres-'));
});

async function ended(child: ChildProcess) {
  const said = { output: '', errors: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    said.output += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said.errors += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

/** Resolves when the child's output holds `text`. */
function said(child: ChildProcess, text: string): Promise<void> {
  let output = '';
  return new Promise((resolve, reject) => {
    child.once('close', () => reject(new Error(`ended without "${text}": ${output}`)));
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      if (output.includes(text)) resolve();
    });
  });
}

/** Control characters other than the line feed: what a progress bar draws with. */
function strayCodes(output: string): string[] {
  return [...output].filter((character) => character !== '\n' && (character < ' ' || character === '\x7f'));
}

/** The rows of the table that the demo ends on. */
function tableOf(output: string) {
  const lines = output.slice(output.indexOf('\ntables ')).split('\n').slice(3);
  const rows = lines.slice(0, lines.indexOf(''));
  return rows.map((line) => {
    const [tables, what, expected, got, verdict] = line.split('|').map((cell) => cell.trim());
    return { tables, what, expected, got, verdict };
  });
}
