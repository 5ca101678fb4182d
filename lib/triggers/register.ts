import type { AnyModel } from '../models/capabilities';
import { attach } from './attach';
import { register } from './registry';
import type { Trigger } from './trigger';

/**
 * Declares triggers on a model that one does not own, such as a through table or a model of a library. `install`, `sync`
 * and the migrations take them along.
 *
 * @throws DefinitionError two have one name, or one does not fit the model
 * @example registerTriggers(PostTag, [protect({ operation: del })]);
 */
export function registerTriggers(model: AnyModel, triggers: readonly (Trigger | readonly Trigger[])[]): void {
  register(model, triggers);
  attach(model);
}
