import type { Sequelize } from 'sequelize';
import { select } from '../../enforcement/catalog';
import { dollarQuote, literal, qualified } from '../../sql/identifiers';
import { SQLSTATE } from '../../sql/sqlstates';
import { months } from '../objects/table';
import type { Ground } from './ground';
import { takeTurns } from './remove';
import { briefly } from './session';

interface Month {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
}

// Whoever writes waits behind us: not for long.
const PATIENCE = ['lock_timeout = 300'];
const ATTEMPTS = 5;

/** The months, first to last, that were over by a time. */
export async function monthsBefore(sequelize: Sequelize, { table }: Ground, cutoff: string | null): Promise<Month[]> {
  const end = `substring(pg_get_expr(relpartbound, c.oid) FROM $$TO \\('([^']+)'\\)$$)::timestamptz`;
  return select<Month>(
    sequelize,
    `SELECT c.oid::text, nspname::text AS schema, relname::text AS name
      FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid JOIN pg_namespace AS n ON n.oid = relnamespace
      WHERE inhparent = ${literal(table)}::regclass AND relname ~ '_\\d{4}_\\d\\d$'
        AND ${end} <= ${cutoff === null ? 'now()' : `${literal(cutoff)}::timestamptz`} ORDER BY ${end}`,
  );
}

/** How many entries a month holds. */
export async function heldBy(sequelize: Sequelize, month: Month): Promise<number> {
  const [row] = await select<{ n: string }>(sequelize, `SELECT count(*) AS n FROM ${qualified(month)}`);
  return Number(row?.n);
}

/** Drops a month if it holds nothing; one that the table is too busy for is left to the next prune. */
export async function dropEmpty(sequelize: Sequelize, ground: Ground, month: Month): Promise<boolean> {
  const holdsSome = `SELECT EXISTS (SELECT FROM ${qualified(month)}) AS some`;
  const [before] = await select<{ some: boolean }>(sequelize, holdsSome);
  if (before?.some) return false;
  const dropped = await unlessBusy(sequelize, ground, async (transaction) => {
    await sequelize.query(`LOCK TABLE ONLY ${ground.table} IN ACCESS EXCLUSIVE MODE`, { transaction, logging: false });
    const [{ some } = { some: true }] = await select<{ some: boolean }>(sequelize, holdsSome, transaction);
    if (!some) await sequelize.query(`DROP TABLE ${qualified(month)}`, { transaction, logging: false });
    return !some;
  });
  return dropped ?? false;
}

/** Makes this month's partition and those of the next two, where they are missing. */
export async function makeMonths(sequelize: Sequelize, ground: Ground): Promise<void> {
  const make = `DO ${dollarQuote(`DECLARE\n  one record;\nBEGIN\n${months(ground.history)}END`)}`;
  await unlessBusy(sequelize, ground, (transaction) => sequelize.query(make, { transaction, logging: false }));
}

async function unlessBusy<T>(
  sequelize: Sequelize,
  ground: Ground,
  work: Parameters<typeof briefly<T>>[3],
): Promise<T | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      return await briefly(sequelize, ground, PATIENCE, async (transaction) => {
        await takeTurns(sequelize, ground, transaction);
        return work(transaction);
      });
    } catch (error) {
      if ((error as { parent?: { code?: string } }).parent?.code !== SQLSTATE.lockNotAvailable) throw error;
    }
  }
  return undefined;
}
