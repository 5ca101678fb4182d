import type { Sequelize, Transaction } from 'sequelize';
import { InstallError } from '../../errors';
import { literal, qualified, type TableRef } from '../../sql/identifiers';
import { SCHEMA } from '../../sql/names';
import { select, statusesOf } from '../catalog';
import type { EnforcedObject } from '../object';
import type { Plan } from '../plan';
import { sealOf } from '../seal';
import { asItWas, type Captured, firingOf, tableOf } from './captured';

/**
 * Brings back what was taken off. An object that somebody has edited comes back as it was; any other as the models call
 * for it, which is the same unless they have changed. Where one of the two cannot be created, the other is.
 *
 * @throws InstallError neither can
 */
export async function restore(
  sequelize: Sequelize,
  transaction: Transaction,
  taken: readonly Captured[],
  plan: Plan | undefined,
): Promise<void> {
  const tables = await tablesNow(sequelize, transaction, taken);
  const fresh = plan ? await outdated(sequelize, transaction, plan) : [];
  for (const object of taken) {
    const table = tables.get(object.oid);
    if (!table) continue;
    const back = object.clone || (await bringBack(sequelize, transaction, object, table, plan, fresh));
    if (back) await run(sequelize, transaction, firingOf(object, table));
  }
}

async function bringBack(
  sequelize: Sequelize,
  transaction: Transaction,
  object: Captured,
  table: TableRef,
  plan: Plan | undefined,
  fresh: readonly EnforcedObject[],
): Promise<boolean> {
  const planned = plan?.objects.find(
    (each) => each.kind === object.kind && each.name === object.name && qualified(each.table) === qualified(table),
  );
  const ways = [asItWas(object, table)];
  if (planned) {
    const [, digest] = /^guitars (\w+) \w+$/.exec(object.comment ?? '') ?? [];
    const edited = !object.intact && (digest === undefined || digest === planned.digest);
    ways.splice(edited ? 1 : 0, 0, asPlanned(planned, fresh));
  }
  let reason: Error | undefined;
  for (const way of ways) {
    await sequelize.query('SAVEPOINT guitars_restore', { transaction });
    try {
      await run(sequelize, transaction, [...way, 'RELEASE SAVEPOINT guitars_restore']);
      return true;
    } catch (error) {
      reason ??= error as Error;
      await sequelize.query('ROLLBACK TO SAVEPOINT guitars_restore', { transaction });
    }
  }
  // What the models do not call for, and names what is gone, has nothing to come back to.
  if (plan && !planned && qualified(tableOf(object)) === qualified(table)) return false;
  throw new InstallError(
    `The ${object.kind} ${object.name} on ${qualified(table)} can be restored neither as it was nor as the models call for it ` +
      `(${reason?.message}). Nothing was changed. Bring the models in line with what the migration does to the table.`,
    { cause: reason },
  );
}

/** SQL that creates an object of the plan, and before it what it calls and is not there as the models call for it. */
function asPlanned(object: EnforcedObject, fresh: readonly EnforcedObject[]): string[] {
  const home = ({ name }: EnforcedObject) => qualified({ schema: SCHEMA, name });
  const called = fresh.filter((each) => each.kind === 'function' && object.create.includes(`${home(each)}()`));
  const named = fresh.filter(
    (each) => each.kind === 'sequence' && called.some(({ create }) => create.includes(literal(home(each)))),
  );
  return [...named, ...called, object].flatMap((each) => [each.create, ...sealOf(each)]);
}

/** Functions and sequences of the plan that are missing, or were made for other models. */
async function outdated(sequelize: Sequelize, transaction: Transaction, plan: Plan): Promise<EnforcedObject[]> {
  const inSchema = plan.objects.filter(({ kind }) => kind === 'function' || kind === 'sequence');
  const statuses = await statusesOf(sequelize, inSchema, transaction);
  return statuses.filter(({ content }) => content === 'missing' || content === 'outdated').map(({ object }) => object);
}

/** Where the tables stand now, by their oids. */
async function tablesNow(sequelize: Sequelize, transaction: Transaction, taken: readonly Captured[]) {
  const oids = [...new Set(taken.map(({ oid }) => oid))];
  const rows = await select<{ oid: string } & TableRef>(
    sequelize,
    `SELECT c.oid::text AS oid, nspname AS schema, relname AS name FROM pg_class AS c
      JOIN pg_namespace AS n ON n.oid = relnamespace WHERE c.oid = ANY ('{${oids.join(',')}}'::oid[])`,
    transaction,
  );
  return new Map(rows.map(({ oid, schema, name }) => [oid, { schema, name }]));
}

async function run(sequelize: Sequelize, transaction: Transaction, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await sequelize.query(sql, { transaction });
}
