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
  return Array.isArray(values) ? { enum: values } : {};
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
  return Object.assign({}, ...schemas);
}
