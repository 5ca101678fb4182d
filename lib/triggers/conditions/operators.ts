import { Op } from 'sequelize';
import { DefinitionError } from '../../errors';
import { Fragment, type Ref, type Scope } from '../fragment';
import { valueSql } from '../value';
import { boundOf, operand, right, same, typeOf } from './compare';
import { enclosed } from './enclosed';

/** Renders a comparison that is true or false, never NULL. */
type Operator = (ref: Ref, value: unknown, scope: Scope) => string;

const known = (sql: string) => `coalesce(${sql}, false)`;
const negated =
  (operator: Operator): Operator =>
  (...args) =>
    `(NOT ${operator(...args)})`;
const infix =
  (sign: string): Operator =>
  (ref, value, scope) =>
    known(`${operand(ref, scope)} ${sign} ${right(value, ref, scope)}`);
const textual =
  (sql: (column: string, value: string) => string): Operator =>
  (ref, value, scope) =>
    known(sql(`${ref.render(scope)}::text`, text(ref, value, scope)));

function text(ref: Ref, value: unknown, scope: Scope): string {
  if (value instanceof Fragment) return `${enclosed(value.render(scope))}::text`;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return valueSql(String(value), { type: 'TEXT' });
  }
  const remedy =
    value instanceof RegExp ? 'Give its source, as text PostgreSQL understands.' : 'Give text, or a column.';
  throw new DefinitionError(
    `The trigger "${scope.trigger}" compares the text of "${ref.attribute}" with what is none. ${remedy}`,
  );
}

const between: Operator = (ref, value, scope) => {
  const [from, to] = list(value, 'Op.between', 2).map((each) => right(each, ref, scope));
  return known(`${operand(ref, scope)} BETWEEN ${from} AND ${to}`);
};
const CASTS: Record<string, string> = { INTEGER: 'int4', BIGINT: 'int8', DECIMAL: 'numeric', DATE: 'timestamptz' };
/** A range may contain a range, or an element. */
const contains: Operator = (ref, value, scope) => {
  const whole = value === null || value instanceof Fragment || Array.isArray(value);
  if (whole || typeOf(ref, scope) !== 'RANGE') return infix('@>')(ref, value, scope);
  const type = boundOf(ref, scope);
  const element = `${valueSql(value, { type })}::${CASTS[type] ?? 'date'}`;
  return known(`${operand(ref, scope)} @> ${element}`);
};
const among: Operator = (ref, value, scope) => {
  const values = list(value, 'Op.in');
  return values.length === 0 ? 'false' : `(${values.map((each) => same(ref, each, scope)).join(' OR ')})`;
};
const like = (sign: string) => textual((column, value) => `${column} ${sign} ${value}`);
const startsWith = textual((column, value) => `starts_with(${column}, ${value})`);
const endsWith = textual((column, value) => `right(${column}, length(${value})) = ${value}`);
const substring = textual((column, value) => `strpos(${column}, ${value}) > 0`);

/** The operators of Sequelize that a condition may use. */
const OPERATORS = new Map<symbol, Operator>([
  [Op.eq, same],
  [Op.ne, negated(same)],
  [Op.is, same],
  [Op.not, negated(same)],
  [Op.gt, infix('>')],
  [Op.gte, infix('>=')],
  [Op.lt, infix('<')],
  [Op.lte, infix('<=')],
  [Op.in, among],
  [Op.notIn, negated(among)],
  [Op.between, between],
  [Op.notBetween, negated(between)],
  [Op.like, like('LIKE')],
  [Op.notLike, negated(like('LIKE'))],
  [Op.iLike, like('ILIKE')],
  [Op.notILike, negated(like('ILIKE'))],
  [Op.regexp, like('~')],
  [Op.notRegexp, negated(like('~'))],
  [Op.iRegexp, like('~*')],
  [Op.notIRegexp, negated(like('~*'))],
  [Op.startsWith, startsWith],
  [Op.endsWith, endsWith],
  [Op.substring, substring],
  [Op.contains, contains],
  [Op.contained, infix('<@')],
  [Op.overlap, infix('&&')],
]);

/** @throws DefinitionError there is no such operator, or a condition cannot use it */
export function operatorOf(symbol: symbol): Operator {
  const found = OPERATORS.get(symbol);
  if (found) return found;
  const names = [...OPERATORS.keys()].map(nameOf).join(', ');
  throw new DefinitionError(
    `${nameOf(symbol)} cannot be used in a trigger's condition. Use one of: ${names}; or raw().`,
  );
}

const nameOf = (symbol: symbol) => `Op.${symbol.description}`;

function list(value: unknown, name: string, length?: number): unknown[] {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return value;
  throw new DefinitionError(`${name} takes an array${length ? ` of ${length}` : ''}.`);
}
