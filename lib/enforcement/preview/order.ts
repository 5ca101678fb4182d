import type { Sequelize, Transaction } from 'sequelize';
import { select } from '../catalog';
import type { Key } from './keys';
import { hopFrom, type Place } from './taken';

interface Event extends Place {
  readonly key: number;
}

const nameOf = ({ part, place }: Place) => `${part} ${place}`;

/**
 * Where a guarded child is itself removed over another key, it depends on their order whether the guard sees it
 * still. PostgreSQL acts in rounds: on the rows of a round one by one, for each on its keys by the names of their
 * triggers; what a CASCADE removes is the next round. This does the same on paper; it answers for each key how many
 * rows its guard would still see.
 */
export async function guardsInOrder(
  sequelize: Sequelize,
  transaction: Transaction,
  root: Place,
  keys: readonly Key[],
): Promise<number[]> {
  const seen = keys.map(() => new Set<string>());
  const removed = new Set([nameOf(root)]);
  for (let round: Place[] = [root]; round.length > 0; ) {
    const next: Place[] = [];
    for (const { key, part, place } of await events(sequelize, transaction, round, keys)) {
      const name = nameOf({ part, place });
      if (removed.has(name)) continue;
      if (keys[key]?.action !== 'CASCADE') seen[key]?.add(name);
      else {
        removed.add(name);
        next.push({ part, place });
      }
    }
    round = next;
  }
  return seen.map(({ size }) => size);
}

function events(
  sequelize: Sequelize,
  transaction: Transaction,
  round: readonly Place[],
  keys: readonly Key[],
): Promise<Event[]> {
  const rows = round.map(({ part, place }, n) => `(${n}, ${part}::oid, '${place}'::tid)`);
  const hops = keys.map((key, n) => hopFrom(key, `${n}, c.tableoid, c.ctid`));
  return select<Event>(
    sequelize,
    `SELECT e.key, e.part::text AS part, e.place::text AS place FROM (VALUES ${rows.join(', ')}) AS t(n, part, place)
      CROSS JOIN LATERAL (${hops.join('\n      UNION ALL ')}) AS e(key, part, place) ORDER BY t.n, e.key, e.part, e.place`,
    transaction,
  );
}
