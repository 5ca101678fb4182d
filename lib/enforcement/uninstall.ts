import type { Sequelize, Transaction } from 'sequelize';
import { type AnyModel, optionsOf } from '../models/capabilities';
import { derivedName, literal, qualified, tableKey } from '../sql/identifiers';
import { SCHEMA } from '../sql/names';
import { askedSequences } from './asked';
import { oursOn, select } from './catalog';
import { retireFunctions } from './install';
import type { EnforcedObject } from './object';
import { judges } from './plan';
import { type InstallOptions, installing, livePlan } from './session';

/**
 * Removes the enforcement of the models: rules, triggers and functions. What holds data stays: the columns, the
 * shared functions, and the unique indexes, without which rows could become duplicates unnoticed.
 *
 * @throws InstallError a busy table or a role without the privileges; nothing was changed
 * @example await uninstall(sequelize, { models: [Article] });
 */
export function uninstall(sequelize: Sequelize, options: InstallOptions = {}): Promise<{ removed: readonly string[] }> {
  return installing(sequelize, options, async (transaction) => {
    const plan = await livePlan(sequelize, options, transaction);
    const objects = plan.objects.filter((object) => isMeant(object, options.models));
    const tables = [...new Map(objects.map(({ table }) => [`${table.schema}\0${table.name}`, table])).values()];
    const others = new Set(plan.objects.filter((object) => !objects.includes(object)).map(identity));
    const ours = (await oursOn(sequelize, tables, transaction)).filter(
      (object) => judges(plan, object) && !others.has(identity(object)),
    );
    for (const { drop } of ours) await sequelize.query(drop, { transaction });
    const functions = await retireFunctions(sequelize, transaction);
    const bookkeeping = await existing(
      sequelize,
      objects.filter(
        ({ kind, name, table }) =>
          kind === 'sequence' || (kind === 'index' && BOOKKEEPING.some((job) => name === derivedName(table, job))),
      ),
      transaction,
    );
    for (const { drop } of bookkeeping) await sequelize.query(drop, { transaction });
    return {
      removed: [
        ...ours.map(({ name, table }) => `${name} on ${table.schema}.${table.name}`),
        ...functions,
        ...bookkeeping.map(({ name }) => name),
      ],
    };
  });
}

/** Indexes that hold nobody's uniqueness. An index of the user's may have a name like theirs. */
const BOOKKEEPING = ['deletion', 'since'];

const identity = ({ table, name }: Pick<EnforcedObject, 'table' | 'name'>) => JSON.stringify([tableKey(table), name]);

/** A second model of the table may declare triggers, and the first keep its rows: one goes without the other. */
function isMeant({ model, declared }: EnforcedObject, models?: readonly AnyModel[]): boolean {
  if (!models) return true;
  return declared === undefined
    ? models.some((each) => optionsOf(each) !== undefined || each.name === model)
    : models.some((each) => each.name === model);
}

async function existing(
  sequelize: Sequelize,
  objects: readonly EnforcedObject[],
  transaction: Transaction,
): Promise<EnforcedObject[]> {
  if (objects.length === 0) return [];
  const values = objects.map(({ kind, name, table }, n) => {
    const ref = qualified({ schema: kind === 'sequence' ? SCHEMA : table.schema, name });
    return `(${n}, to_regclass(${literal(ref)}))`;
  });
  const sql = `SELECT n FROM (VALUES ${values.join(', ')}) AS relations(n, relation) WHERE relation IS NOT NULL ORDER BY n`;
  const found = await select<{ n: number }>(sequelize, sql, transaction);
  const sequences = objects.filter(({ kind }) => kind === 'sequence').map(({ name }) => name);
  // The cascade of a parent that stays enforced asks for its children's links.
  const asked = (await askedSequences(sequelize, sequences, transaction)).map(({ name }) => name);
  return found.map(({ n }) => objects[n] as EnforcedObject).filter(({ name }) => !asked.includes(name));
}
