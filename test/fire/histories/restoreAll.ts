import type pg from 'pg';
import type { Random } from '../../support/random';
import { SOFT } from './graph';
import type { Operation, Plan, Target } from './load/operation';
import { named } from './load/session';
import { statementsFor } from './load/sql';
import type { Tally } from './load/tally';

const PLAN: Plan = { level: 'READ COMMITTED', steps: [], commit: true, timeout: undefined, victim: undefined };

/**
 * Restores every archived row, one by one and in no particular order, as often as it takes: a row under an archived
 * parent is refused until that is back. Nobody else works, so what comes back with a row is just what R1 says.
 *
 * @returns how many restores were asked for
 */
export async function restoreAll(client: pg.Client, random: Random, tally: Tally): Promise<number> {
  let asked = 0;
  for (let pass = 0; pass < 3; pass++) {
    const sql = SOFT.map(({ name, id }) => {
      const key = id.map((column) => `'${column}', ${column}`).join(', ');
      return `SELECT '${name}' AS relation, jsonb_build_object(${key}) AS key FROM ${name} WHERE _deleted_at IS NOT NULL`;
    });
    const { rows } = await client.query<{ relation: string; key: Target }>(`${sql.join(' UNION ALL ')} ORDER BY 1, 2`);
    const order = rows.map((row) => ({ row, at: random.number() })).sort((one, other) => one.at - other.at);
    for (const { row } of order) {
      const operation: Operation = {
        kind: 'restore',
        relation: row.relation,
        how: 'update',
        targets: [row.key],
        rows: [],
      };
      const op = `serial.${asked++}`;
      tally.journal.push({ op, history: op, operation });
      try {
        await client.query(`BEGIN; ${named(op)}; ${statementsFor(operation)[0]}; COMMIT`);
      } catch (error) {
        tally.failed(error, PLAN, operation, op);
        await client.query('ROLLBACK');
      }
    }
  }
  return asked;
}
