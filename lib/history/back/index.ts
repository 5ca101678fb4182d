import type { Model } from 'sequelize';
import { DefinitionError } from '../../errors';
import { revertNamed } from './revert';
import type { BackOptions } from './row';

export { revertTo } from './revert';
export type { BackOptions } from './row';
export { type UndeleteOptions, undelete } from './undelete';
export { undo } from './undo';

/** Is it versions by attribute? What is none is for `revertFields` of Tracked. */
export const isByVersion = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

/** `revertFields`, of which there are two: with versions it is this one. */
export async function revertFields(instance: Model, given: unknown, options: BackOptions = {}): Promise<Model> {
  if (isByVersion(given)) return revertNamed(instance, given, options);
  throw new DefinitionError(
    `${instance.constructor.name}.revertFields(${JSON.stringify(given) ?? ''}): say which version of which attribute, as { title: 3 }. ` +
      'To put back what was not saved, apply Tracked(…) to the model.',
  );
}
