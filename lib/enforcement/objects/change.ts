import type { Sequelize, Transaction } from 'sequelize';
import { derivedName, ident, qualified, type TableRef, tableKey } from '../../sql/identifiers';
import { TRIGGERS } from '../../sql/names';
import { wake } from '../audit/clones';
import { statusesOf } from '../catalog';
import { install } from '../install';
import { needsBeside } from '../needs';
import type { EnforcedObject } from '../object';
import type { Plan } from '../plan';
import { refuseUnsafe } from '../refusals';
import { sealOf } from '../seal';
import { ensureShared, installing } from '../session';
import { isInForce, type Listed, listObjects } from './list';
import { chosenModels, isPartial, type Selection } from './select';
import { unusedFunctions } from './stale';
import { told } from './told';

/**
 * Installs what is meant and not in force, with what it needs; answers what was done.
 *
 * @param force what is in force, too
 */
export async function installObjects(sequelize: Sequelize, selection: Selection, force = false): Promise<string[]> {
  if (!isPartial(selection) && !force) {
    const { installed, retired } = await install(sequelize, { models: chosenModels(sequelize, selection) });
    return [...installed.map((object) => `installed ${told(object)}`), ...retired.map((name) => `retired ${name}`)];
  }
  return installing(sequelize, {}, async (transaction) => {
    await ensureShared(sequelize, transaction);
    const { plan, objects } = await listObjects(sequelize, selection, transaction);
    await refuseUnsafe(sequelize, plan, transaction);
    const all = (await listObjects(sequelize, { models: selection.models }, transaction)).objects;
    const due = objects.filter((object) => object.object && (force || !isInForce(object)));
    const names = new Set([...due, ...all.filter((object) => serves(object, due))].map(identity));
    const ordered = all.filter((object) => object.object && names.has(identity(object)));
    const needs = await missingNeeds(sequelize, plan, objects, transaction);
    for (const object of needs) await put(sequelize, object, { status: 'UNINSTALLED' }, transaction);
    for (const each of ordered) await put(sequelize, each.object as EnforcedObject, each, transaction);
    return [...needs, ...ordered].map((object) => `installed ${told(object)}`);
  });
}

/** What the cascades among these objects need at other tables. */
async function missingNeeds(
  sequelize: Sequelize,
  { graph }: Plan,
  chosen: readonly Listed[],
  transaction: Transaction,
) {
  const tables = graph.tables.filter(({ table }) => {
    const names = [TRIGGERS.cascade, derivedName(table, 'cascade')];
    return chosen.some((each) => names.includes(each.name) && each.table && tableKey(each.table) === tableKey(table));
  });
  const statuses = await statusesOf(sequelize, needsBeside(graph, tables), transaction);
  return statuses.filter(({ status }) => status !== 'installed').map(({ object }) => object);
}

const identity = ({ kind, table, name }: Listed) => JSON.stringify([kind, table && tableKey(table), name]);

/** Does an object have to be there for others of the same table? */
function serves({ kind, table, status }: Listed, due: readonly Listed[]): boolean {
  if (status === 'INSTALLED' || !['column', 'table', 'sequence', 'function'].includes(kind)) return false;
  return due.some((other) => table && other.table && tableKey(other.table) === tableKey(table));
}

async function put(
  sequelize: Sequelize,
  object: EnforcedObject,
  { status, firing }: Pick<Listed, 'status' | 'firing'>,
  transaction: Transaction,
) {
  // CREATE INDEX cannot replace, and CREATE OR REPLACE leaves a disabled trigger disabled.
  const before = object.kind === 'index' && status !== 'UNINSTALLED' ? [object.drop] : [];
  const after = firing === 'DISABLED' || firing === 'REPLICA' ? [switched(object, 'ENABLE')] : [];
  for (const sql of [...before, object.create, ...sealOf(object), ...after])
    await sequelize.query(sql, { transaction });
}

/** SQL that switches a trigger or rule. */
function switched({ kind, table, name }: Pick<Listed, 'kind' | 'table' | 'name'>, to: 'ENABLE' | 'DISABLE'): string {
  return `ALTER TABLE ${qualified(table as TableRef)} ${to} ${kind.toUpperCase()} ${ident(name)}`;
}

/** Switches the triggers and rules that are meant on or off; answers what was done. */
export function switchObjects(sequelize: Sequelize, selection: Selection, to: 'ENABLE' | 'DISABLE'): Promise<string[]> {
  const done = to === 'ENABLE' ? 'enabled' : 'disabled';
  return installing(sequelize, {}, async (transaction) => {
    const { objects, clones } = await listObjects(sequelize, selection, transaction);
    const due = objects.filter((object) => isSwitchable(object, to));
    for (const object of due) await sequelize.query(switched(object, to), { transaction });
    const woken = to === 'ENABLE' ? clones : [];
    for (const clone of woken) await sequelize.query(wake(clone), { transaction });
    const alone = woken.filter(
      ({ trigger, root }) => !due.some(({ name, model }) => name === trigger && model === root.name),
    );
    const also = alone.map(({ trigger, partition }) => told({ kind: 'trigger', name: trigger, table: partition }));
    return [...due.map(told), ...also].map((object) => `${done} ${object}`);
  });
}

/** Would switching it change anything? */
export function isSwitchable({ firing }: Listed, to: 'ENABLE' | 'DISABLE'): boolean {
  if (firing === undefined) return false;
  return to === 'ENABLE' ? firing === 'DISABLED' || firing === 'REPLICA' : firing !== 'DISABLED';
}

/** Drops what is meant and the models do not call for; answers what was done. */
export function pruneObjects(sequelize: Sequelize, selection: Selection): Promise<string[]> {
  return installing(sequelize, {}, async (transaction) => {
    const before = new Set((await unusedFunctions(sequelize, transaction)).map(({ name }) => name));
    const { objects } = await listObjects(sequelize, selection, transaction);
    const due = objects.filter(({ status }) => status === 'PRUNE');
    for (const { drop } of due) await sequelize.query(drop, { transaction });
    const freed = (await unusedFunctions(sequelize, transaction)).filter(
      ({ name }) => due.length > 0 && !before.has(name),
    );
    for (const { drop } of freed) await sequelize.query(drop, { transaction });
    return [...due, ...freed].map((object) => `dropped ${told(object)}`);
  });
}
