import { ConfigError } from '../errors';
import type { ModelClass } from '../models/capabilities';

/**
 * A primary key as a user types it: the value alone, values with commas between them, or JSON (an array, or an object
 * by attribute).
 *
 * @throws ConfigError it does not fit the model's key
 */
export function primaryKeyOf(model: ModelClass, text: string): Record<string, unknown> {
  const names = model.primaryKeyAttributes as string[];
  const values = read(names, text);
  const isWhole = Object.keys(values).length === names.length && names.every((name) => known(values[name]));
  if (isWhole) return values;
  const json = `'{${names.map((name) => `"${name}": …`).join(', ')}}'`;
  const plain = names.length === 1 ? 'its value' : `values of ${names.join(',')} with commas between them`;
  throw new ConfigError(`"${text}" is no primary key of ${model.name}. Give ${plain}, or ${json}.`);
}

function read(names: readonly string[], text: string): Record<string, unknown> {
  const json = /^\s*[[{]/.test(text) ? parsed(text) : undefined;
  if (json && !Array.isArray(json)) return json as Record<string, unknown>;
  const values = (json as unknown[] | undefined) ?? (names.length === 1 ? [text] : text.split(','));
  return Object.fromEntries(values.map((value, n) => [names[n] ?? n, value]));
}

// What only looks like JSON may be the value of a key of text.
function parsed(text: string): object | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const known = (value: unknown) => value !== undefined && value !== null && value !== '' && typeof value !== 'object';
