import { expect } from 'chai';
import { install } from '../../../lib';
import { useDatabase } from '../../support/database';
import { amount, figures, SEED } from '../support/form';
import { SOFT, TABLES } from './graph';
import { LEVELS } from './load/operation';
import { RawSession } from './load/session';
import { count } from './load/tally';
import { defineModels } from './models';
import { ByHandSession } from './plain/byHand';
import { PhysicalSession } from './plain/physical';
import { load } from './round';
import { observe } from './shadow';
import { makeTables } from './tables';

const WORKERS = 12;
const rounds = amount(1, 12, 'GUITARS_COMPARISONS');
const first = SEED ?? 1;

/** What is run again: deadlocks and serialization failures, of 1,000 transactions. */
type Rates = Record<string, { transactions: number; deadlocks: number; serialization: number }>;

describe('random histories: what has to be run again, beside plain foreign keys', () => {
  const ours = useDatabase();
  const plain = useDatabase();

  before(async () => {
    for (const db of [ours, plain]) {
      await (await db.admin())
        .query(`ALTER DATABASE "${db.name}" SET deadlock_timeout = '20ms'`)
        .catch(() => undefined);
      const client = await db.client();
      await makeTables(client);
      if (db === ours) {
        defineModels(db.sequelize);
        await install(db.sequelize);
      } else {
        for (const { name } of SOFT) await client.query(`ALTER TABLE ${name} ADD COLUMN _deletion uuid`);
        for (const { name } of TABLES.filter(({ coded }) => coded)) {
          await client.query(`CREATE UNIQUE INDEX ON ${name} (code) WHERE _deleted_at IS NULL`);
        }
      }
      await observe(client);
    }
  });

  it(`${rounds} histories from seed ${first} on, three times each`, async () => {
    const kinds = [
      ['guitars', RawSession, ours],
      ['by hand', ByHandSession, plain],
      ['physical', PhysicalSession, plain],
    ] as const;
    const found: Record<string, Rates> = {};
    for (const [name, Session, db] of kinds) {
      const client = await db.client();
      const sessions = Array.from({ length: WORKERS }, () => new Session(db.url));
      const transactions: Record<string, number> = {};
      const errors: Record<string, number> = {};
      for (let n = 0; n < rounds; n++) {
        const tally = await load(first + n, { client, sessions, models: 0, transactions: amount(20, 120) });
        if (db === ours) expect(tally.unexpected).to.deep.equal([]);
        for (const [level, times] of Object.entries(tally.transactions)) count(transactions, level, times);
        for (const [code, times] of Object.entries(tally.errorsAt)) count(errors, code, times);
      }
      await Promise.all(sessions.map((session) => session.close()));
      found[name] = rates(transactions, errors);
    }
    const again = (name: string) => (found[name]?.all?.deadlocks ?? 0) + (found[name]?.all?.serialization ?? 0);
    const ratio = (name: string) => Math.round((again('guitars') / again(name)) * 100) / 100;
    const ratios = { 'by hand': ratio('by hand'), physical: ratio('physical') };
    if (process.env.GUITARS_SHOW) console.dir(found, { depth: 5 });
    figures('histories-comparison', { seeds: [first, first + rounds - 1], workers: WORKERS, per1000: found, ratios });
  }).timeout(0);
});

function rates(transactions: Record<string, number>, errors: Record<string, number>): Rates {
  const rate = (levels: readonly string[]) => {
    const all = sum(levels.map((level) => transactions[level]));
    const per = (code: string) =>
      Math.round((sum(levels.map((level) => errors[`${code} ${level}`])) / all) * 10_000) / 10;
    return { transactions: all, deadlocks: per('40P01'), serialization: per('40001') };
  };
  return Object.fromEntries([...LEVELS.map((level) => [level, rate([level])]), ['all', rate(LEVELS)]]);
}

const sum = (numbers: readonly (number | undefined)[]) => numbers.reduce<number>((all, each) => all + (each ?? 0), 0);
