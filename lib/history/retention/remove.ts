import type { Sequelize } from 'sequelize';
import { select } from '../../enforcement/catalog';
import { literal } from '../../sql/identifiers';
import { EDIT_HISTORY } from '../../sql/settings';
import { raiseHorizon } from '../changes';
import type { Ground } from './ground';
import type { Judged } from './judge';
import { BY_INDEX, briefly } from './session';

/** How many went, and how many of them were the last of their rows. */
export interface Removed {
  readonly removed: number;
  readonly tombstones: number;
}

/** Removes the entries of one batch, in one transaction, unless another prune has. */
export async function remove(sequelize: Sequelize, ground: Ground, batch: readonly Judged[]): Promise<Removed> {
  const { history, table } = ground;
  const all = (name: 'entries' | 'lasts') => batch.map((each) => (each[name] ?? '{}').slice(1, -1)).filter(Boolean);
  const array = (values: readonly string[]) => `'{${values.join(',')}}'::bigint[]`;
  const times = batch.flatMap(({ first, last }) => [first as string, last as string]).sort();
  // Of its partitions, too, only those that hold some.
  const period = [times[0], times.at(-1)].map((each) => `${literal(each as string)}::timestamptz`).join(' AND ');
  return briefly(sequelize, ground, [`${EDIT_HISTORY} = on`, ...BY_INDEX.slice(0, 1)], async (transaction) => {
    await takeTurns(sequelize, ground, transaction);
    const [row] = await select<{ removed: string; tombstones: string }>(
      sequelize,
      `WITH removed AS (
        DELETE FROM ${table} WHERE _entry = ANY (${array(all('entries'))}) AND _at BETWEEN ${period}
        RETURNING _entry, _transaction, _operation
      ), gone AS (SELECT * FROM removed WHERE _entry = ANY (${array(all('lasts'))})
      ), raised AS (${raiseHorizon(history, 'gone')})
      SELECT (SELECT count(*) FROM removed) AS removed, (SELECT count(*) FROM gone) AS tombstones, (SELECT count(*) FROM raised) AS raised`,
      transaction,
    );
    return { removed: Number(row?.removed), tombstones: Number(row?.tombstones) };
  });
}

/** Has another prune of the history wait until the transaction ends: two would each lock what the other is to remove. */
export async function takeTurns(
  sequelize: Sequelize,
  { table }: Ground,
  transaction: Parameters<typeof select>[2],
): Promise<void> {
  await select(sequelize, `SELECT pg_advisory_xact_lock(hashtext(${literal(`guitars.prune ${table}`)}))`, transaction);
}
