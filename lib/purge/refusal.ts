import type { Sequelize } from 'sequelize';
import { select } from '../enforcement/catalog';
import { GuitarsError } from '../errors';
import { literal, qualified } from '../sql/identifiers';
import { SQLSTATE } from '../sql/sqlstates';
import type { Ground } from './ground';

/** The database would not let a row go: a key, a check, a trigger or a rule. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly constraint = '',
    readonly table = '',
  ) {
    super(message);
  }
}

/** A lock was waited for in vain: somebody else holds a row. */
export const HELD_ROW = Symbol('held');

const ATTEMPTS = 10;
const DEADLOCK = '40P01';

// Errors that are not the row's: of the connection, the transaction, what is there and who may, resources, the operator.
const NOT_OF_THE_ROW = /^(08|25|26|28|2D|34|3B|3D|3F|40|42|53|55|57|58|72|F0|XX)/;

const REMEDIES: readonly [RegExp, string][] = [
  [
    /^42501/,
    'Connect as a role that may read and delete there, and is a member of hardDeleteRole where the model has one.',
  ],
  [/^55P03/, 'Run it again when the table is less busy.'],
  [/^40/, 'Run it again when the tables are less busy, or with a smaller batch.'],
  [/^57P/, 'Run it again once the server answers.'],
  [/^57014/, 'Raise statement_timeout, or give a smaller batch.'],
  [/^/, 'Mend that and run it again.'],
];

/**
 * Does the work of one batch, again where others were in its way.
 *
 * @throws GuitarsError what no other row would fare better with
 */
export async function tried<T>(
  sequelize: Sequelize,
  ground: Ground,
  work: () => Promise<T>,
): Promise<T | Refusal | typeof HELD_ROW> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal) return error;
      const cause = ((error as { parent?: object }).parent ?? error) as Error &
        Partial<Record<'code' | 'constraint' | 'table', string>>;
      const { code = '', message, constraint, table } = cause;
      if (!/^[0-9A-Z]{5}$/.test(code) || code === 'EPIPE') throw error;
      if (!NOT_OF_THE_ROW.test(code)) return new Refusal(message, constraint, table);
      const isTimeout = code === SQLSTATE.lockNotAvailable;
      const locked = isTimeout ? await lockedTable(sequelize, ground) : undefined;
      if (isTimeout && !locked) return HELD_ROW;
      const isPassing = locked !== undefined || code === DEADLOCK || code === SQLSTATE.serializationFailure;
      if (isPassing && attempt < ATTEMPTS) continue;
      const why = locked ? `another transaction has locked ${locked}` : message;
      const remedy = REMEDIES.find(([codes]) => codes.test(code))?.[1];
      throw new GuitarsError(`The purge of ${ground.model} ended: ${why}. What was removed is removed. ${remedy}`, {
        cause: error,
      });
    }
  }
}

/** A table in which nobody may write at present. */
async function lockedTable(sequelize: Sequelize, { places, order }: Ground): Promise<string | undefined> {
  const parts = order.steps.flatMap(({ parts, childParts }) => [...parts, ...childParts]);
  const roots = places.map(({ ref }) => `to_regclass(${literal(qualified(ref))})::oid`);
  const [row] = await select<{ name: string }>(
    sequelize,
    `SELECT relation::regclass::text AS name FROM pg_locks WHERE granted AND locktype = 'relation'
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') AND relation IN (${[...parts, ...roots].join(', ')}) LIMIT 1`,
  );
  return row?.name;
}
