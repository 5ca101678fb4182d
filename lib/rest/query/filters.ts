import { Op, type WhereOptions } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { refuseUnknown } from '../check';
import { named } from '../fields';
import type { FilterOption, RestOptions } from '../options';
import { badParameter } from '../problem/problem';
import { isOperator, OPERATORS, type Operator } from './operators';
import type { Parameters } from './parameters';
import { expected, isText, readValue, refuseUnfit } from './values';

/** What a parameter filters by. */
export interface Filter {
  readonly attribute: string;
  readonly operators: readonly Operator[];
}

/** Filters by the name of their parameter. */
export type Filters = ReadonlyMap<string, Filter>;

/** Parameters that mean something else. */
export const RESERVED = [
  'page',
  'pageSize',
  'cursor',
  'sort',
  'fields',
  'include',
  'permanent',
  'at',
  'from',
  'to',
] as const;

/** At most so many values of one parameter. */
export const MOST_VALUES = 100;

/** @throws DefinitionError an attribute or operator that there is not, or a name that is taken */
export function filtersOf(model: ModelClass, option: RestOptions['filter'] = []): Filters {
  const entries: [string, readonly Operator[] | FilterOption<never>][] = Array.isArray(option)
    ? option.map((name) => [name, {}])
    : Object.entries(option);
  return new Map(entries.map(([name, each]) => [name, filterOf(model, name, each)]));
}

function filterOf(model: ModelClass, name: string, option: readonly Operator[] | FilterOption<never>): Filter {
  if (!Array.isArray(option)) refuseUnknown(model, option, `filter.${name}`, ['attribute', 'operators']);
  const { attribute = name, operators = ['eq'] } = (
    Array.isArray(option) ? { operators: option } : option
  ) as FilterOption<never>;
  if ((RESERVED as readonly string[]).includes(name) || /[[\]]/.test(name)) {
    throw new DefinitionError(
      `${model.name}: a parameter cannot be "${name}". Give the filter another name: { other: { attribute: '${attribute}' } }.`,
    );
  }
  named(model, 'filter', [attribute]);
  refuseUnfit(model, attribute, 'filter');
  for (const operator of operators) {
    const fits = isOperator(operator) && (OPERATORS[operator].takes !== 'text' || isText(model, attribute));
    if (fits) continue;
    const use = Object.keys(OPERATORS).filter((each) => isText(model, attribute) || !/with|contains/i.test(each));
    throw new DefinitionError(`${model.name}: "${name}" cannot go by "${operator}". Use of: ${use.join(', ')}.`);
  }
  return { attribute, operators };
}

/** How a parameter is written: its name alone for `eq`. */
export const parameterOf = (name: string, operator: Operator) => (operator === 'eq' ? name : `${name}[${operator}]`);

/**
 * The condition that the parameters make; undefined: they make none.
 *
 * @throws ProblemError (400) a value that the attribute cannot have
 */
export function takeFilters(model: ModelClass, filters: Filters, parameters: Parameters): WhereOptions | undefined {
  const conditions: WhereOptions[] = [];
  for (const [name, { attribute, operators }] of filters) {
    for (const operator of operators) {
      const parameter = parameterOf(name, operator);
      const { takes } = OPERATORS[operator];
      const texts = takes === 'values' ? parameters.takeAll(parameter) : one(parameters.take(parameter));
      if (texts.length > MOST_VALUES) throw badParameter(parameter, `has more than ${MOST_VALUES} values.`);
      if (texts.length > 0) conditions.push(conditionOf(model, attribute, operator, parameter, texts));
    }
  }
  return conditions.length > 0 ? { [Op.and]: conditions } : undefined;
}

const one = (text: string | undefined) => (text === undefined ? [] : [text]);

function conditionOf(
  model: ModelClass,
  attribute: string,
  operator: Operator,
  parameter: string,
  texts: readonly string[],
): WhereOptions {
  const { op, takes, pattern } = OPERATORS[operator];
  const [text = ''] = texts;
  if (takes === 'flag') {
    if (text !== 'true' && text !== 'false') throw badParameter(parameter, 'must be true or false.');
    return { [attribute]: { [text === 'true' ? Op.is : Op.not]: null } };
  }
  const values = texts.map((each) => {
    const value = readValue(model, attribute, each);
    if (value === undefined) throw badParameter(parameter, `must be ${expected(model, attribute)}.`);
    return value;
  });
  if (pattern) return { [attribute]: { [op]: pattern(text.replaceAll(/[\\%_]/g, '\\$&')) } };
  return { [attribute]: { [op]: takes === 'values' ? values : values[0] } };
}
