import { DefinitionError } from '../errors';
import type { AnyModel } from '../models/capabilities';
import type { Scope } from './fragment';
import { bodyRows, conditionRows } from './rows';
import type { Trigger } from './trigger';

/**
 * Looks at a trigger when its model is initialised: renders its condition and its body.
 *
 * A column that there is not is no mistake yet, nor is another model that is not initialised: associations add their keys
 * later. The plan refuses these, before anything is sent.
 *
 * @throws DefinitionError the trigger does not fit the model, or cannot mean anything
 */
export function checkTrigger(model: AnyModel, trigger: Trigger): void {
  trigger.recipe.check?.(model);
  const { condition, declare, body } = trigger.options;
  const scope = (rows: Pick<Scope, 'row'>): Scope => ({ model, trigger: trigger.name, table: () => 'other', ...rows });
  refuseWrong(() => condition?.render(scope(conditionRows(model, trigger, trigger.operations))));
  for (const each of [declare, body]) refuseWrong(() => each?.render(scope(bodyRows(model, trigger))));
}

function refuseWrong(render: () => unknown): void {
  try {
    render();
  } catch (error) {
    // Anything else comes of a model that is not initialised.
    if (error instanceof DefinitionError && !error.message.includes('which is no column of')) throw error;
  }
}
