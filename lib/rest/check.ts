import { DefinitionError } from '../errors';
import type { RestOptions } from './options';

/** Every option. */
export const NAMES: Readonly<Record<keyof RestOptions, true>> = {
  path: true,
  authorize: true,
  fields: true,
  writable: true,
  filter: true,
  sort: true,
  include: true,
  pageSize: true,
  maxOffset: true,
  bulkHardDelete: true,
  bulkResponseContent: true,
  bulkLimit: true,
  bodyLimit: true,
  requireIfMatch: true,
  serialize: true,
  validate: true,
  revision: true,
  history: true,
};

const HOOKS = ['authorize', 'serialize', 'validate', 'revision'] as const;

/**
 * A misspelt `authorize` would open what it was to close.
 *
 * @throws DefinitionError
 */
export function refuseUnknownOptions(model: { name: string }, options: RestOptions): void {
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(NAMES, name));
  if (unknown.length > 0) {
    throw new DefinitionError(
      `${model.name}: softDeleteRouter() has no option "${unknown.join('", "')}". Use one of: ${Object.keys(NAMES).join(', ')}.`,
    );
  }
  for (const name of HOOKS) {
    if (options[name] === undefined || typeof options[name] === 'function') continue;
    throw new DefinitionError(`${model.name}: the option "${name}" is a function. Pass one, or leave it out.`);
  }
}

/** @throws DefinitionError it is no whole number */
export function numberOption(
  model: { name: string },
  name: string,
  given: number | undefined,
  standard: number,
  least = 1,
): number {
  const value = given ?? standard;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new DefinitionError(`${model.name}: ${name} is ${value}. Give it a whole number from ${least} on.`);
}
