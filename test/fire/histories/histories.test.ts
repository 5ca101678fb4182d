import { expect } from 'chai';
import { install } from '../../../lib';
import { useDatabase } from '../../support/database';
import { amount, figures, SEED } from '../support/form';
import { trace } from './check';
import { ModelSession } from './load/modelSession';
import { RawSession, type Session } from './load/session';
import { count } from './load/tally';
import { defineModels } from './models';
import { REGRESSIONS } from './regressions';
import { round } from './round';
import { observe } from './shadow';
import { makeTables } from './tables';

const WORKERS = 12;
const MODELS = 3;
/** Of each worker, in each history. */
const TRANSACTIONS = amount(40, 120);

/** One history alone: `GUITARS_SEED=… npm run test:fire -- histories`. Which of its statements meet, only the server knows. */
const rounds = amount(3, 70, 'GUITARS_HISTORIES');
const first = SEED ?? 1 + Math.floor(Math.random() * 1e6) * 1000;
const seeds = SEED
  ? Array<number>(Number(process.env.GUITARS_HISTORIES ?? 10)).fill(SEED)
  : Array.from({ length: rounds }, (_, n) => first + n);

describe('random histories: every promise holds after each', () => {
  const db = useDatabase();
  const sessions: Session[] = [];
  let client: Awaited<ReturnType<typeof db.client>>;

  before(async () => {
    // Every deadlock would cost a second. Only who may set it can shorten that.
    await (await db.admin()).query(`ALTER DATABASE "${db.name}" SET deadlock_timeout = '20ms'`).catch(() => undefined);
    client = await db.client();
    await makeTables(client);
    const sequelize = db.connect({ pool: { max: MODELS + 1 } });
    const models = defineModels(sequelize);
    await install(sequelize);
    await observe(client);
    for (let n = 0; n < WORKERS; n++) {
      sessions.push(n < MODELS ? new ModelSession(sequelize, models) : new RawSession(db.url));
    }
  });
  after(() => Promise.all(sessions.map((session) => session.close())));

  it(`seeds ${seeds[0]} … ${seeds.at(-1)}, and those that have failed before`, async () => {
    const errors: Record<string, number> = {};
    const transactions: Record<string, number> = {};
    const rows: Record<string, number> = {};
    let operations = 0;
    let cuts = 0;
    const began = Date.now();
    for (const seed of [...REGRESSIONS, ...seeds]) {
      const {
        tally,
        broken,
        operations: done,
        rows: changed,
      } = await round(seed, { client, sessions, models: MODELS, transactions: TRANSACTIONS });
      if (broken.length > 0) console.log((await trace(client, broken)).join('\n'));
      const again = `GUITARS_SEED=${seed} npm run test:fire -- histories`;
      expect(broken, `broken promises; ${again}`).to.deep.equal([]);
      expect(tally.unexpected, `errors that nobody expects; ${again}`).to.deep.equal([]);
      for (const [code, times] of Object.entries(tally.errorsAt)) count(errors, code, times);
      for (const [level, times] of Object.entries(tally.transactions)) count(transactions, level, times);
      for (const [edge, times] of Object.entries(changed)) count(rows, edge, times);
      operations += done;
      cuts += tally.cuts;
    }
    const seconds = (Date.now() - began) / 1000;
    const found = {
      seeds: [seeds[0], seeds.at(-1)],
      regressions: REGRESSIONS.length,
      operations,
      rows,
      seconds,
      transactions,
      cuts,
      errors,
      broken: 0,
    };
    if (process.env.GUITARS_SHOW) console.log(found);
    figures('histories', found);
  }).timeout(0);
});
