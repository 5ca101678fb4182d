import type { Schema } from '../types';

type Rules = Readonly<Record<string, unknown>>;
type Rule = (given: unknown) => Schema;

/** The arguments of a rule: `len: [1, 5]`, or `len: { args: [1, 5], msg }`. */
function argumentsOf(given: unknown): unknown {
  const isOpen = typeof given === 'object' && given !== null && !Array.isArray(given) && 'args' in given;
  return isOpen ? (given as { args: unknown }).args : given;
}

const first = (given: unknown) => (Array.isArray(given) ? given[0] : given);
const asNumber = (name: string) => (given: unknown) =>
  typeof first(given) === 'number' ? { [name]: first(given) } : {};

function lengths(given: unknown): Schema {
  const [least, most] = Array.isArray(given) ? given : [];
  return {
    ...(typeof least === 'number' ? { minLength: least } : {}),
    ...(typeof most === 'number' ? { maxLength: most } : {}),
  };
}

function oneOf(given: unknown): Schema {
  const values = Array.isArray(first(given)) ? first(given) : given;
  // Other values are compared as text, which a schema does not do.
  return Array.isArray(values) && values.every((value) => typeof value === 'string') ? { enum: values } : {};
}

/** Those of Sequelize's `validate` that a schema can say. */
const RULES: Readonly<Record<string, Rule>> = {
  len: lengths,
  notEmpty: (given) => (given === false ? {} : { minLength: 1, pattern: '\\S' }),
  min: asNumber('minimum'),
  max: asNumber('maximum'),
  isIn: oneOf,
  isEmail: (given) => (given === false ? {} : { format: 'email' }),
};

/** What a model's validation asks of an attribute's value, as far as a schema can say it. */
export function ruleSchema(validate: Rules = {}): Schema {
  const schemas = Object.entries(validate).map(([name, given]) => RULES[name]?.(argumentsOf(given)) ?? {});
  return schemas.reduce(both, {});
}

/** How a keyword goes on that two schemas have: the stricter one counts. */
const STRICTER: Readonly<Record<string, (one: never, other: never) => unknown>> = {
  minLength: Math.max,
  maxLength: Math.min,
  minimum: Math.max,
  maximum: Math.min,
  enum: (one: readonly unknown[], other: readonly unknown[]) => one.filter((value) => other.includes(value)),
};

/** What two schemas let pass. */
export function both(one: Schema, other: Schema): Schema {
  const shared = Object.keys(other).filter((name) => name in one && name in STRICTER);
  const stricter = shared.map((name) => [name, STRICTER[name]?.(one[name] as never, other[name] as never)]);
  return { ...one, ...other, ...Object.fromEntries(stricter) };
}
