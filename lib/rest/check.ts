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
  refuseUnknown(model, options, 'softDeleteRouter()', Object.keys(NAMES));
  if (options.pageSize !== undefined) refuseUnknown(model, options.pageSize, 'pageSize', ['default', 'max']);
  for (const name of HOOKS) {
    if (options[name] === undefined || typeof options[name] === 'function') continue;
    throw new DefinitionError(`${model.name}: the option "${name}" is a function. Pass one, or leave it out.`);
  }
}

/** @throws DefinitionError what is given is no object, or has members that nobody knows */
export function refuseUnknown(model: { name: string }, given: unknown, what: string, names: readonly string[]): void {
  if (typeof given !== 'object' || given === null) {
    throw new DefinitionError(`${model.name}: ${what} is ${given}. Give an object of: ${names.join(', ')}.`);
  }
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  const use = `Use one of: ${names.join(', ')}.`;
  throw new DefinitionError(`${model.name}: ${what} has no option "${unknown.join('", "')}". ${use}`);
}

/** @throws DefinitionError it is none that Express reads: of text that it does not understand it makes no limit at all */
export function sizeOption(model: { name: string }, name: string, given: number | string): number | string {
  if (typeof given === 'number' ? given > 0 : /^[1-9]\d*(?:\.\d+)? *(?:b|[kmg]b)?$/i.test(given)) return given;
  throw new DefinitionError(`${model.name}: ${name} is ${given}. Give it a number of bytes, or text as '100kb'.`);
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
