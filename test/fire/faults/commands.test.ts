import { expect } from 'chai';
import { type Application, type Run, useApplication } from '../../cli/application';
import { amount, figures, LONG } from '../support/form';
import { MODELS, NAMES, PREPARED, SHAPE, STRANGE } from './support/discography';
import { randomly, seed } from './support/random';
import { useCrashServer, useDatabaseOf } from './support/server';
import { DDL_STEPS, RUN, STEPS_TAKEN, STOPS, stepsOf, stopAt, stopped } from './support/stops';
import { Tally } from './support/tally';

const KILLS = amount(1, 5, 'GUITARS_KILLS');
const tally = new Tally();

/** A command that changes what the database enforces; `pieces`: it is done step by step, each of them whole. */
interface Case {
  readonly args: readonly string[];
  readonly tables: readonly string[];
  /** Commands that come before. */
  readonly given?: readonly string[][];
  readonly pieces?: true;
  /** Whether the audit has nothing to say afterwards. */
  readonly enforced: boolean;
}

const CASES: readonly Case[] = [
  { args: ['migrate', 'up'], tables: PREPARED, enforced: true },
  { args: ['migrate', 'down'], tables: PREPARED, given: [['migrate', 'up']], enforced: false },
  { args: ['install'], tables: PREPARED, enforced: true },
  { args: ['uninstall', '--yes'], tables: PREPARED, given: [['install']], enforced: false },
  { args: ['adopt', ...NAMES, '--batch', '100'], tables: STRANGE, pieces: true, enforced: true },
];

describe(`kill -9 of the server during a command (seed ${seed})`, () => {
  const host = useCrashServer();
  const db = useDatabaseOf(host);
  const app = useApplication(db);
  const random = randomly();

  before(async () => {
    await db.admin(...STOPS, DDL_STEPS);
    await db.sql(...PREPARED);
    app.models(MODELS);
    expect((await app.guitars('make')).code).to.equal(0);
  });
  after(() => figures('faults-commands', { seed, ...tally.figures }));

  const shape = async () => (await db.sql<{ shape: string }>(SHAPE))[0]?.shape;
  const log = async () => {
    const [found] = await db.sql<{ there: boolean }>(`SELECT to_regclass('guitars_migrations') IS NOT NULL AS there`);
    return found?.there ? db.sql<{ name: string }>('SELECT name FROM guitars_migrations') : [];
  };
  const done = async (...args: string[]) => {
    const run = await app.guitars(...args);
    expect(run.code, run.err).to.equal(0);
  };

  async function given({ tables, given = [], pieces }: Case): Promise<void> {
    await db.admin(...RUN);
    await db.sql(...tables, ...(pieces ? stepsOf('member', 'UPDATE') : []));
    for (const args of given) await done(...args);
    await db.admin(...RUN);
  }

  /** What the command leads to when nothing happens to it, and in how many steps. */
  async function undisturbed(one: Case) {
    await given(one);
    await done(...one.args);
    const [taken] = await db.admin<{ n: number }>(STEPS_TAKEN);
    return { steps: taken?.n ?? 0, after: await shape(), logged: (await log()).length };
  }

  for (const one of CASES) {
    const title = `guitars ${one.args.slice(0, one.args[0] === 'migrate' ? 2 : 1).join(' ')}`;
    // The short form leaves out what another case is like.
    if (!LONG && one.args[0] === 'uninstall') continue;
    it(`${title}: nothing half done, says what to do, and does it when it is run again`, async () => {
      const { steps, after, logged } = await undisturbed(one);
      expect(steps).to.be.greaterThan(5);
      for (let kill = 0; kill < KILLS; kill++) {
        const at = random(steps);
        await given(one);
        const before = [await shape(), (await log()).length];
        const holder = await db.client('admin');
        await stopAt(holder, at);
        const run = started(app, ...one.args);
        expect(await stopped(holder, run)).to.equal('stopped');
        await host.crash(kill % 4 === 3 ? 'SIGQUIT' : 'SIGKILL');
        const { code, err } = await run;
        expect(code, err).to.equal(2);
        expect(err).to.match(/^guitars: .*connection[\s\S]*Run it again once the server answers/im);
        if (!one.pieces)
          expect([await shape(), (await log()).length], `killed at ${at} of ${steps}`).to.deep.equal(before);
        tally.count('kills');
        tally.count(title);
        await db.admin(...RUN);
        await done(...one.args);
        expect([await shape(), (await log()).length], `killed at ${at} of ${steps}`).to.deep.equal([after, logged]);
        expect((await app.guitars('audit')).code).to.equal(one.enforced ? 0 : 1);
      }
    });
  }
});

function started(app: Application, ...args: string[]): Promise<Run> {
  const child = app.start(...args);
  const run: Run = { code: null, out: '', err: '' };
  child.stdout?.on('data', (data) => {
    run.out += data;
  });
  child.stderr?.on('data', (data) => {
    run.err += data;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...run, code })));
}
