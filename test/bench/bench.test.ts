import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { cases } from '../../bench/cases';
import { median } from '../../bench/harness/pairs';
import { table, verdict } from '../../bench/report';

const run = promisify(execFile);
const bench = (...args: string[]) => run(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...args]);

describe('npm run bench', () => {
  let directory: string;
  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-bench-'));
  });
  after(() => fs.rmSync(directory, { recursive: true }));

  it('measures a case against the library left out and against other designs, as text and as JSON', async () => {
    const file = path.join(directory, 'bench.json');
    const { stdout } = await bench('--quick', '--only', 'DELETE, rule', '--json', file);
    const [result, ...more] = JSON.parse(fs.readFileSync(file, 'utf8'));
    expect(more).to.deep.equal([]);
    expect(result).to.have.all.keys('name', 'ratio', 'target', 'peers');
    expect(result).to.include({ name: 'raw bulk DELETE, rule', target: 1.2 });
    expect(result.ratio).to.be.a('number').above(0);
    expect(result.peers['rule without a door']).to.be.a('number').above(0);
    expect(stdout).to.match(/raw bulk DELETE, rule +\d+\.\d\d× +≤ 1\.2× +(ok|MISS)\n +rule without a door +\d+\.\d\d×/);
  });

  it('counts as many statements as a paranoid model sends', async () => {
    const file = path.join(directory, 'statements.json');
    await bench('--quick', '--only', 'statements', '--json', file);
    const [{ ratio, peers }] = JSON.parse(fs.readFileSync(file, 'utf8'));
    expect({ ratio, ...peers }).to.satisfy((all: object) => Object.values(all).every((each) => each === 1));
  });

  it('loads servers in processes of their own with requests', async () => {
    const file = path.join(directory, 'rest.json');
    await bench('--quick', '--only', 'REST, delete', '--json', file);
    const [{ ratio, target, peers }] = JSON.parse(fs.readFileSync(file, 'utf8'));
    expect(target).to.equal(1.11);
    for (const each of [ratio, ...Object.values(peers)]) expect(each).to.be.a('number').above(0);
  });

  it('lists the cases when none has the name', async () => {
    const failure = await bench('--only', 'nonsense').catch((error) => error);
    expect(failure).to.have.property('code', 1);
    for (const { name } of cases) expect(failure.stderr).to.include(name);
  });
});

describe('the bench report', () => {
  const result = { name: 'x', ratio: 1.204, target: 1.2, peers: {} };

  it('takes the middle of the ratios', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).to.deep.equal([2, 2.5]);
  });

  it('judges a ratio as it is printed', () => {
    expect([verdict(result), verdict({ ...result, ratio: 1.206 })]).to.deep.equal(['ok', 'MISS']);
  });

  it('says why a case did not run', () => {
    expect(table([{ ...result, ratio: null, note: 'no such extension' }]))
      .to.include('not run')
      .and.include('no such extension');
  });
});
