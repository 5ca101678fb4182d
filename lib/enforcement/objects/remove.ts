import type { Sequelize, Transaction } from 'sequelize';
import { InstallError } from '../../errors';
import { literal } from '../../sql/identifiers';
import { SCHEMA } from '../../sql/names';
import { askedSequences } from '../asked';
import { shell } from '../audit/shell';
import { select } from '../catalog';
import { KINDS } from '../object';
import { installing, livePlan } from '../session';
import { uninstall } from '../uninstall';
import { type Listed, listObjects } from './list';
import { chosenModels, isPartial, type Selection } from './select';
import { told } from './told';

/** May it go without taking data, or the guarantee that data is unique, along? */
export function isRemovable({ kind, status, unique }: Listed): boolean {
  return status !== 'UNINSTALLED' && kind !== 'column' && kind !== 'table' && !unique;
}

/**
 * Removes what is meant; answers what was done. Columns and unique indexes stay.
 *
 * @throws InstallError something that would stay cannot do without it; nothing was changed
 */
export async function uninstallObjects(sequelize: Sequelize, selection: Selection): Promise<string[]> {
  if (!isPartial(selection)) {
    const { removed } = await uninstall(sequelize, { models: chosenModels(sequelize, selection) });
    return removed.map((name) => `removed ${name}`);
  }
  return installing(sequelize, {}, async (transaction) => {
    const { objects } = await listObjects(sequelize, selection, transaction);
    const done: Listed[] = [];
    // Each kind once those that are made after it, and so may rest on it, are gone.
    for (const kind of [...KINDS].reverse()) {
      const due = objects.filter((object) => object.kind === kind && isRemovable(object));
      const names = due.map(({ name }) => name);
      if (kind === 'function') await refuseCalled(sequelize, names, selection, transaction);
      if (kind === 'sequence') await refuseAsked(sequelize, names, transaction);
      for (const { drop } of due) await sequelize.query(drop, { transaction });
      done.push(...due);
    }
    return done.map((object) => `removed ${told(object)}`);
  });
}

/** Functions that a trigger calls. */
async function refuseCalled(
  sequelize: Sequelize,
  names: readonly string[],
  { names: patterns, kinds }: Selection,
  transaction: Transaction,
): Promise<void> {
  if (names.length === 0) return;
  const called = await select<{ name: string; trigger: string; table: string }>(
    sequelize,
    `SELECT proname::text AS name, tgname::text AS trigger, tgrelid::regclass::text AS table
      FROM pg_trigger JOIN pg_proc AS p ON p.oid = tgfoid
      WHERE pronamespace = to_regnamespace('${SCHEMA}') AND tgparentid = 0 AND proname IN (${names.map(literal).join(', ')})
      ORDER BY name, trigger, "table"`,
    transaction,
  );
  const [first] = called;
  if (!first) return;
  const triggers = [...new Set(called.map(({ trigger }) => trigger))];
  const flags = [
    ...(kinds?.length ? ['--kind trigger'] : []),
    ...(patterns?.length ? triggers.map((name) => `--name ${name}`) : []),
  ];
  throw new InstallError(
    `The function ${first.name} is called by the trigger ${first.trigger} on ${first.table}, which stays. ` +
      `Nothing was changed. Remove the triggers too: give ${flags.join(' ')}.`,
  );
}

/** Sequences that a function asks. */
async function refuseAsked(sequelize: Sequelize, names: readonly string[], transaction: Transaction): Promise<void> {
  const [first] = await askedSequences(sequelize, names, transaction);
  if (!first) return;
  const { objects } = await livePlan(sequelize, {}, transaction);
  const models = objects.flatMap(({ name, model }) => (first.functions.includes(name) ? [model] : []));
  const flags = [...new Set(models)].map((model) => ` --model ${shell(model)}`).join('');
  throw new InstallError(
    `The sequence ${first.name} is asked by ${first.functions.join(', ')}, which stay, and without it statements on ` +
      `their tables fail. Nothing was changed. Remove all of it: guitars uninstall${flags}.`,
  );
}
