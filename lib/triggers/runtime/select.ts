import type { Sequelize } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { AnyModel, ModelClass } from '../../models/capabilities';
import { offSetting } from '../names';
import { triggersOf } from '../registry';
import type { Trigger } from '../trigger';
import type { TriggerFilter, TriggerSelection } from './selection';

/** A trigger on a model. */
export interface Declared {
  readonly model: AnyModel;
  readonly trigger: Trigger;
}

const KEYS = ['name', 'model', 'kind', 'tag'];

const filtersOf = (selection: TriggerSelection): TriggerFilter[] =>
  [selection].flat().map((each) => (typeof each === 'string' ? { name: each } : (each as TriggerFilter)));

/**
 * The triggers that are meant.
 *
 * @throws DefinitionError a filter says nothing, or finds none
 */
export function selected(sequelize: Sequelize, selection: TriggerSelection): Declared[] {
  const found = filtersOf(selection).flatMap((filter) => matching(sequelize, filter));
  const id = ({ model, trigger }: Declared) => JSON.stringify([model.getTableName(), trigger.name]);
  return [...new Map(found.map((each) => [id(each), each])).values()];
}

function matching(sequelize: Sequelize, filter: TriggerFilter): Declared[] {
  const given = Object.entries(filter ?? {}).filter(([, value]) => value !== undefined);
  const unknown = given.find(([key]) => !KEYS.includes(key))?.[0];
  if (given.length === 0 || unknown !== undefined) {
    const instead = unknown === undefined ? '' : `, not "${unknown}"`;
    throw new DefinitionError(`A selection of triggers is a name, or one or more of ${KEYS.join(', ')}${instead}.`);
  }
  const { model, name, kind, tag } = filter;
  const models = model ? [model] : (Object.values(sequelize.models) as unknown as ModelClass[]);
  const all = models.flatMap((each) => triggersOf(each).map((trigger) => ({ model: each, trigger })));
  const found = all.filter(
    ({ trigger }) =>
      (name === undefined || trigger.name === name || trigger.recipe.of === name) &&
      (kind === undefined || trigger.kind === kind) &&
      (tag === undefined || trigger.tags.includes(tag)),
  );
  if (found.length > 0) return found;
  const names = all.map((each) => `${each.trigger.name} (${each.model.name})`).join(', ');
  const told = JSON.stringify({ ...filter, ...(model ? { model: model.name } : {}) });
  throw new DefinitionError(`No trigger is meant by ${told}. There are: ${names || '(none)'}.`);
}

/**
 * The settings that switch the meant triggers off. Those that cannot be ignored are left out.
 *
 * @throws DefinitionError one that cannot be ignored is named, or none that can be is meant
 */
export function offSettings(sequelize: Sequelize, selection: TriggerSelection): string[] {
  const meant = selected(sequelize, selection);
  const named = new Set(filtersOf(selection).map(({ name }) => name));
  const able = meant.filter(({ trigger }) => trigger.ignorable);
  const firm = meant.filter(({ trigger }) => !trigger.ignorable);
  const refused =
    firm.find(({ trigger }) => named.has(trigger.name) || named.has(trigger.recipe.of)) ??
    (able.length === 0 ? firm[0] : undefined);
  if (!refused) return [...new Set(able.map(({ model, trigger }) => offSetting(model, trigger.name)))];
  throw new DefinitionError(
    `The trigger "${refused.trigger.name}" of ${refused.model.name} cannot be ignored. ` +
      'Do the work without, or declare it without { ignorable: false }.',
  );
}

/** Those that a trigger of the model suppresses. */
export const settingsOff = (model: ModelClass, selection: TriggerSelection) =>
  offSettings(model.sequelize as Sequelize, selection);
