import { DefinitionError } from '../errors';
import type { GuitarOptions } from './options';

/** What is wrong with a value, as the remedy; undefined when nothing is. */
type Check = (value: unknown) => string | undefined;

/** An option that is an object: the keys that it may have, if not any, and what each value must be. */
interface Parts {
  keys?: string[];
  check: Check;
  /** Of an option that may also be one such value for all: what it may be, in words. */
  whole?: string;
}

const oneOf =
  (...choices: unknown[]): Check =>
  (value) =>
    choices.includes(value) ? undefined : `Use one of: ${choices.join(', ')}.`;
const name: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'Give it a name.');
const names: Check = (value) =>
  Array.isArray(value) && value.every((each) => !name(each)) ? undefined : "Give it a list of names, as ['region'].";
const flag = oneOf(true, false);

const times = ['createdAt', 'updatedAt', 'deletedAt'];
const OPTIONS: Record<keyof GuitarOptions, Check | Parts> = {
  attributes: { keys: times, check: name },
  columns: { keys: times, check: name },
  deletionColumn: name,
  engine: oneOf('rule', 'trigger'),
  stamper: oneOf('plpgsql', 'moddatetime'),
  onSoftDelete: { check: oneOf('cascade', 'restrict', 'keep') },
  uniqueAmongLive: { check: flag, whole: 'true, false or ' },
  partitionKey: names,
  hardDeleteRole: name,
  sync: flag,
};

/**
 * Looks at every option that is given; `undefined` is not.
 *
 * @param where the model or the function that they are options of
 * @throws DefinitionError an option is unknown, or its value is of the wrong kind
 */
export function validateOptions(where: string, options: GuitarOptions): void {
  if (!isObject(options)) {
    throw new DefinitionError(`${where}: the guitar options are ${said(options)}. Give an object.`);
  }
  for (const [key, value] of Object.entries(options)) {
    if (!(key in OPTIONS)) {
      throw new DefinitionError(
        `${where}: there is no guitar option "${key}". Use one of: ${Object.keys(OPTIONS).join(', ')}.`,
      );
    }
    if (value === undefined) continue;
    const check = OPTIONS[key as keyof GuitarOptions];
    if (typeof check === 'function') verify(`${where}: guitar.${key}`, value, check);
    else verifyParts(where, key, value, check);
  }
}

function verifyParts(where: string, key: string, value: unknown, { keys, check, whole }: Parts): void {
  if (whole && !check(value)) return;
  if (!isObject(value)) {
    throw new DefinitionError(`${where}: guitar.${key} is ${said(value)}. Give ${whole ?? ''}an object.`);
  }
  for (const [part, each] of Object.entries(value)) {
    if (keys && !keys.includes(part)) {
      throw new DefinitionError(`${where}: there is no guitar.${key}.${part}. Use one of: ${keys.join(', ')}.`);
    }
    if (each !== undefined) verify(`${where}: guitar.${key}.${part}`, each, check);
  }
}

function verify(what: string, value: unknown, check: Check): void {
  const remedy = check(value);
  if (remedy) throw new DefinitionError(`${what} is ${said(value)}. ${remedy}`);
}

const said = (value: unknown) => JSON.stringify(value) ?? String(value);
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
