import { Op } from 'sequelize';
import { DefinitionError } from '../../errors';
import { Fragment, type Ref, type Scope } from '../fragment';
import { isPlain } from '../plain';
import { same, typeOf } from './compare';
import { all, any } from './joined';
import { operatorOf } from './operators';

/** What `when` says of one column: a value, a column, a list of values, or operators. */
export function column(ref: Ref, value: unknown, scope: Scope): string {
  if (isOperators(value)) {
    return all(Reflect.ownKeys(value).map((key) => operator(ref, key, (value as never)[key], scope)));
  }
  if (value === undefined) refuse(ref, scope, 'compares "%" with undefined. Say null, or leave it out.');
  const type = typeOf(ref, scope);
  const json = type === 'JSON' || type === 'JSONB';
  // Sequelize takes the one for paths and the other for alternatives.
  if (json && (isPlain(value) || Array.isArray(value))) {
    refuse(
      ref,
      scope,
      'compares the JSON of "%" with what may mean a part or the whole. Write { [Op.eq]: … } for the whole, { [Op.contains]: … } for a part, raw() for a path.',
    );
  }
  return Array.isArray(value) && !LISTS.has(type) ? operatorOf(Op.in)(ref, value, scope) : same(ref, value, scope);
}

const LISTS = new Set(['ARRAY', 'RANGE']);

function operator(ref: Ref, key: string | symbol, given: unknown, scope: Scope): string {
  if (typeof key === 'string') {
    return refuse(ref, scope, `compares "%" with an object that mixes operators and "${key}". Use operators alone.`);
  }
  if (given === undefined) refuse(ref, scope, 'compares "%" with undefined. Say null, or leave it out.');
  if (key === Op.or || key === Op.and) return joined(ref, key, given, scope);
  if (isOperators(given) && (Object.hasOwn(given, Op.any) || Object.hasOwn(given, Op.all))) {
    return quantified(ref, key, given, scope);
  }
  if (key !== Op.not) return operatorOf(key)(ref, given, scope);
  if (isOperators(given)) return `(NOT ${column(ref, given, scope)})`;
  // As Sequelize has it.
  return Array.isArray(given) && !LISTS.has(typeOf(ref, scope))
    ? operatorOf(Op.notIn)(ref, given, scope)
    : operatorOf(key)(ref, given, scope);
}

function joined(ref: Ref, key: symbol, given: unknown, scope: Scope): string {
  const alternatives = Array.isArray(given)
    ? given
    : isOperators(given)
      ? Reflect.ownKeys(given).map((each) => ({ [each]: (given as never)[each] }))
      : [given];
  if (alternatives.length === 0) refuse(ref, scope, 'compares "%" with an empty list of alternatives. Leave it out.');
  return (key === Op.or ? any : all)(alternatives.map((one) => column(ref, one, scope)));
}

/** { [Op.like]: { [Op.any]: ['a%', 'b%'] } } */
function quantified(ref: Ref, key: symbol, given: Record<symbol, unknown>, scope: Scope): string {
  const [quantifier, other] = Reflect.ownKeys(given);
  const list = given[quantifier as symbol];
  if (key === Op.not) refuse(ref, scope, 'says Op.not of Op.any or Op.all for "%". Use Op.notIn, Op.ne, or not().');
  if (other !== undefined || !Array.isArray(list)) {
    return refuse(ref, scope, 'takes Op.any or Op.all for "%", which is of one array, and stands alone.');
  }
  return (quantifier === Op.any ? any : all)(list.map((one) => operatorOf(key)(ref, one, scope)));
}

const isOperators = (value: unknown): value is Record<symbol, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !(value instanceof Fragment) &&
  Object.getOwnPropertySymbols(value).length > 0;

function refuse(ref: Ref, scope: Scope, reason: string): never {
  throw new DefinitionError(`The trigger "${scope.trigger}" ${reason.replace('%', () => ref.attribute)}`);
}
