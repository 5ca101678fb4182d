import { Op } from 'sequelize';
import { DefinitionError } from '../../errors';
import { Ref, type Scope, type Side } from '../fragment';
import { isPlain } from '../plain';
import { column } from './column';
import { Condition } from './condition';
import { all, any } from './joined';

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

const each = (value: unknown) => (Array.isArray(value) ? value : [value]) as RowConditions[];

function group(conditions: RowConditions, side: Side, scope: Scope): string {
  if (!isPlain(conditions)) {
    throw new DefinitionError(
      `The trigger "${scope.trigger}" has what is no object among its conditions. Write { attribute: value }; join conditions by and() and or().`,
    );
  }
  return all(Reflect.ownKeys(conditions).map((key) => part(key, (conditions as never)[key], side, scope)));
}

function part(key: string | symbol, value: unknown, side: Side, scope: Scope): string {
  if (typeof key === 'string') return column(new Ref(side, key), value, scope);
  if (key === Op.and) return all(each(value).map((one) => group(one, side, scope)));
  // Sequelize reads { [Op.or]: { a: 1, b: 2 } } as a or b, and of none as false.
  if (key === Op.or) return any(split(value).map((one) => filled(one, side, scope)));
  if (key === Op.not) return `(NOT ${all(each(value).map((one) => group(one, side, scope)))})`;
  throw new DefinitionError(`Op.${key.description} stands beside a column: { price: { [Op.${key.description}]: … } }.`);
}

// Sequelize leaves an empty one out, and here it would always hold.
function filled(conditions: RowConditions, side: Side, scope: Scope): string {
  if (!isPlain(conditions) || Reflect.ownKeys(conditions).length > 0) return group(conditions, side, scope);
  throw new DefinitionError(`The trigger "${scope.trigger}" has an empty condition in Op.or. Leave it out.`);
}

const split = (value: unknown) =>
  isPlain(value) ? Reflect.ownKeys(value).map((key) => ({ [key]: (value as never)[key] })) : each(value);
