import type { Sequelize, Transaction } from 'sequelize';
import { select } from '../../enforcement/catalog';
import { ident, literal } from '../../sql/identifiers';
import type { Ground } from './ground';
import { type Judged, judgement } from './judge';
import type { Rules } from './rules';
import { BY_INDEX, briefly } from './session';

/** A key, as texts. */
type Key = readonly string[];

const PAGE = 10_000;

/** Goes through a history once, in the order of the keys, so many entries at a time, of each row all of them. */
export async function* pages(
  sequelize: Sequelize,
  ground: Ground,
  rules: Rules,
  batch: number,
): AsyncGenerator<Judged[]> {
  let after: Key | undefined;
  do {
    const { last, judged } = await briefly(sequelize, ground, BY_INDEX, async (transaction) => {
      const last = await endOf(sequelize, ground, after, Math.max(batch, PAGE), transaction);
      const range = within(ground, after, last);
      return { last, judged: await select<Judged>(sequelize, judgement(ground, rules, range, batch), transaction) };
    });
    yield judged;
    after = last;
  } while (after);
}

/** The key that is so many entries on; undefined: fewer are left. */
async function endOf(
  sequelize: Sequelize,
  ground: Ground,
  after: Key | undefined,
  entries: number,
  transaction: Transaction,
): Promise<Key | undefined> {
  const columns = ground.history.key.map(ident);
  const [row] = await select<{ key: string[] }>(
    sequelize,
    `SELECT ARRAY[${columns.map((column) => `${column}::text`).join(', ')}] AS key FROM ${ground.table} WHERE ${within(ground, after)}
      ORDER BY ${columns.join(', ')}, _entry OFFSET ${entries - 1} LIMIT 1`,
    transaction,
  );
  return row?.key;
}

/** SQL: entries of the keys after one, up to another. The first column by itself: of it alone are there statistics. */
function within({ history, types }: Ground, after: Key | undefined, until?: Key): string {
  const columns = history.key.map(ident);
  const compared = (sign: string, key: Key | undefined) => {
    if (!key) return [];
    const values = key.map((value, n) => `${literal(value)}::${types[n]}`);
    const whole = `(${columns.join(', ')}) ${sign} (${values.join(', ')})`;
    return columns.length === 1 ? [whole] : [whole, `${columns[0]} ${sign[0]}= ${values[0]}`];
  };
  const known = columns.map((column) => `${column} IS NOT NULL`);
  return [...known, ...compared('>', after), ...compared('<=', until)].join(' AND ');
}
