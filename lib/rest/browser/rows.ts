import { type Model, type Transaction, Transaction as Transactions, type WhereOptions } from 'sequelize';
import { inside } from '../../models/internals';
import { inState, picked, type State } from '../conditions';
import type { Key } from '../key';
import { ProblemError } from '../problem/problem';
import { after, type Cursor, placed } from '../query/cursor';
import type { SortKey } from '../query/page';
import type { Shelf } from './settings';
import type { Permitted } from './visit';

/** Rows in a state that are permitted, and that conditions pick. */
export function rowsIn(
  { deletedAt, model }: Shelf,
  state: State,
  { where }: Permitted,
  ...conditions: WhereOptions[]
): WhereOptions {
  return picked(model, [...conditions, ...inState(deletedAt, state)], where);
}

/** How many there are. */
export const countRows = (shelf: Shelf, state: State, permitted: Permitted, ...conditions: WhereOptions[]) =>
  inside(shelf.model).count({ where: rowsIn(shelf, state, permitted, ...conditions), paranoid: false });

/** The last archived first, and then by the key. */
export const orderOf = ({ model, deletedAt }: Shelf): readonly SortKey[] => [
  { attribute: deletedAt, direction: 'DESC' },
  ...(model.primaryKeyAttributes as string[])
    .filter((name) => name !== deletedAt)
    .map((attribute) => ({ attribute, direction: 'ASC' as const })),
];

/** What a query selects: these, and what every row is known by. */
export const selected = ({ model, deletedAt }: Shelf, names: readonly string[]): string[] => [
  ...new Set([...(model.primaryKeyAttributes as string[]), deletedAt, ...names]),
];

/** Archived rows in their order, from a cursor on. */
export async function findPage(
  shelf: Shelf,
  permitted: Permitted,
  {
    conditions,
    names,
    limit,
    from,
  }: { conditions: WhereOptions[]; names: readonly string[]; limit: number; from?: Cursor },
): Promise<Model[]> {
  const { model } = shelf;
  const order = orderOf(shelf);
  const start = from ? [after(model, order, from)] : [];
  return inside(model).findAll({
    attributes: [...selected(shelf, names), ...(placed(model, order) as never[])],
    where: rowsIn(shelf, 'archived', permitted, ...conditions, ...start),
    order: order.map(({ attribute, direction }) => [attribute, direction]),
    limit,
    paranoid: false,
  });
}

/**
 * One row, with all that is shown of it.
 *
 * @throws ProblemError (404) there is none in that state, or it is not permitted
 */
export async function findRow(
  shelf: Shelf,
  key: Key,
  state: State,
  permitted: Permitted,
  { transaction, lock }: { transaction?: Transaction; lock?: 'UPDATE' | 'NO_KEY_UPDATE' } = {},
): Promise<Model> {
  const { model } = shelf;
  const row = await inside(model).findOne({
    // What is written needs its hooks' attributes as well.
    ...(lock ? {} : { attributes: selected(shelf, shelf.fields) }),
    where: rowsIn(shelf, state, permitted, key),
    paranoid: false,
    ...(transaction ? { transaction } : {}),
    ...(lock ? { lock: { level: Transactions.LOCK[lock], of: model } } : {}),
  });
  if (row) return row;
  const which = state === 'any' ? '' : `${state} `;
  throw new ProblemError(404, `There is no ${which}${model.name} with this key.`, { code: 'not-found' });
}
