import { Op } from 'sequelize';
import { DefinitionError } from '../../errors';
import { Fragment, Ref, type Scope, type Side } from '../fragment';
import { same, typeOf } from './compare';
import { Condition } from './condition';
import { operatorOf } from './operators';

/** Conditions on the columns of a row, by attribute: a value, a column of either row, or operators of Sequelize. */
export interface RowConditions {
  [attribute: string]: unknown;
  [Op.and]?: RowConditions | readonly RowConditions[];
  [Op.or]?: RowConditions | readonly RowConditions[];
  [Op.not]?: RowConditions | readonly RowConditions[];
}

/** What {@link when} takes. */
export interface RowsConditions {
  /** Of the row as it was. */
  readonly old?: RowConditions;
  /** Of the row as it is to be. */
  readonly new?: RowConditions;
}

/**
 * Holds where both rows are as described. NULL is a value like another: `{ [Op.ne]: 'a' }` holds for NULL, and what
 * would be unknown in SQL is false.
 *
 * @throws DefinitionError it names neither row
 * @example when({ old: { status: 'draft' }, new: { status: { [Op.ne]: 'draft' }, price: { [Op.gt]: old('price') } } })
 */
export function when(rows: RowsConditions): Condition {
  const unknown = Object.keys(rows).filter((name) => name !== 'old' && name !== 'new');
  if (unknown.length > 0 || (!rows.old && !rows.new)) {
    throw new DefinitionError(
      `when() takes { old: { … }, new: { … } }, one or both${unknown.length > 0 ? `, not "${unknown[0]}"` : ''}.`,
    );
  }
  return new Condition((scope) =>
    all([...(rows.old ? [group(rows.old, 'old', scope)] : []), ...(rows.new ? [group(rows.new, 'new', scope)] : [])]),
  );
}

const all = (parts: readonly string[]) => (parts.length === 0 ? 'true' : `(${parts.join(' AND ')})`);
const any = (parts: readonly string[]) => (parts.length === 0 ? 'false' : `(${parts.join(' OR ')})`);
const each = (value: unknown) => (Array.isArray(value) ? value : [value]) as RowConditions[];

function group(conditions: RowConditions, side: Side, scope: Scope): string {
  return all(Reflect.ownKeys(conditions).map((key) => part(key, (conditions as never)[key], side, scope)));
}

function part(key: string | symbol, value: unknown, side: Side, scope: Scope): string {
  if (typeof key === 'string') return column(new Ref(side, key), value, scope);
  if (key === Op.and) return all(each(value).map((one) => group(one, side, scope)));
  // Sequelize reads { [Op.or]: { a: 1, b: 2 } } as a or b.
  if (key === Op.or) return any(split(value).map((one) => group(one, side, scope)));
  if (key === Op.not) return `(NOT ${all(each(value).map((one) => group(one, side, scope)))})`;
  throw new DefinitionError(`Op.${key.description} stands beside a column: { price: { [Op.${key.description}]: … } }.`);
}

const split = (value: unknown) =>
  Array.isArray(value) ? value : Reflect.ownKeys(value as object).map((key) => ({ [key]: (value as never)[key] }));

function column(ref: Ref, value: unknown, scope: Scope): string {
  if (value === undefined) {
    throw new DefinitionError(
      `The trigger "${scope.trigger}" compares "${ref.attribute}" with undefined. Say null, or leave it out.`,
    );
  }
  if (!isOperators(value))
    return Array.isArray(value) && !isArray(ref, scope)
      ? operatorOf(Op.in)(ref, value, scope)
      : same(ref, value, scope);
  const parts = Reflect.ownKeys(value).map((key) => {
    if (typeof key === 'string')
      throw new DefinitionError(
        `"${ref.attribute}" is compared with an object that mixes operators and "${key}". Use operators alone.`,
      );
    const given = (value as Record<symbol, unknown>)[key];
    if (key === Op.or) return any(alternatives(given).map((one) => column(ref, one, scope)));
    if (key === Op.and) return all(alternatives(given).map((one) => column(ref, one, scope)));
    if (key === Op.not && isOperators(given)) return `(NOT ${column(ref, given, scope)})`;
    return operatorOf(key)(ref, given, scope);
  });
  return all(parts);
}

const alternatives = (given: unknown) => (Array.isArray(given) ? given : isOperators(given) ? split(given) : [given]);

const isOperators = (value: unknown): value is Record<symbol, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !(value instanceof Fragment) &&
  Object.getOwnPropertySymbols(value).length > 0;

function isArray(ref: Ref, scope: Scope): boolean {
  const type = typeOf(ref, scope);
  return type === 'ARRAY' || type === 'RANGE' || type === 'JSON' || type === 'JSONB';
}
