import { DefinitionError } from '../../errors';
import type { TriggerOptions } from '../trigger';

/** What every ready-made trigger takes: see {@link TriggerOptions}. */
export type Common = Partial<Pick<TriggerOptions, 'name' | 'order' | 'tags' | 'ignorable'>>;

/**
 * The order of what checks the row as it is to be: it comes after triggers that change it. Not AFTER UPDATE, which sees
 * the row at its end: PostgreSQL does not fire that for a row that goes to another partition.
 */
export const LAST = 999;

const COMMON = ['name', 'order', 'tags', 'ignorable'];

/**
 * The options that every trigger has.
 *
 * @throws DefinitionError there is an option that the recipe does not know
 */
export function common(kind: string, options: Common & object, own: readonly string[]): Common & { name: string } {
  const unknown = Object.keys(options).find((key) => ![...COMMON, ...own].includes(key));
  if (unknown !== undefined) {
    throw new DefinitionError(`${kind}() has no option "${unknown}". Use: ${[...own, ...COMMON].join(', ')}.`);
  }
  const { name = kind, order, tags, ignorable } = options;
  return { name, order, tags, ignorable };
}

/** @throws DefinitionError it is no attribute's name */
export function fieldOf(kind: string, field: unknown): string {
  if (typeof field === 'string' && field !== '') return field;
  throw new DefinitionError(`${kind}() needs a "field": the name of an attribute.`);
}
