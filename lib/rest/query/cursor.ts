import { Model, Op, literal as raw, type WhereOptions } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { badParameter } from '../problem/problem';
import type { SortKey } from './page';
import { columnIn } from './scoped';
import { exact } from './values';

/** The place of a row in an order: its values as text, as exact as the database has them. */
export type Cursor = readonly (string | null)[];

/** What a cursor is of: it goes on in the same order alone. */
const signOf = (order: readonly SortKey[]) =>
  order.map(({ attribute, direction }) => `${attribute} ${direction}`).join();

/** @throws ProblemError (400) it is none of this order */
export function cursorOf(model: ModelClass, text: string, order: readonly SortKey[]): Cursor {
  const refuse = (why: string) =>
    badParameter('cursor', `${why} Take it from "next" of a page, or begin with "cursor=".`);
  let found: unknown;
  try {
    found = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw refuse(`is no cursor of ${model.name}.`);
  }
  const [sign, ...values] = Array.isArray(found) ? found : [];
  const isText = (value: unknown) => typeof value === 'string' && !value.includes('\0');
  if (values.length === 0 || !values.every((value) => value === null || isText(value))) {
    throw refuse(`is no cursor of ${model.name}.`);
  }
  if (sign !== signOf(order) || values.length !== order.length) throw refuse('is of another order.');
  return values;
}

/** What a query selects for {@link cursorAt}. */
export const placed = (model: ModelClass, order: readonly SortKey[]) =>
  order.map(
    ({ attribute }, n) => [raw(`${columnIn(model, attribute)}::text`), nameOf(n)] as [ReturnType<typeof raw>, string],
  );

const nameOf = (n: number) => `guitarsPlace${n}`;

/** The cursor that goes on after a row. */
export function cursorAt(row: Model | Readonly<Record<string, unknown>>, order: readonly SortKey[]): string {
  const values = order.map(
    (_, n) => (row instanceof Model ? row.getDataValue(nameOf(n) as never) : row[nameOf(n)]) as unknown,
  );
  return Buffer.from(JSON.stringify([signOf(order), ...values])).toString('base64url');
}

/** The rows after a cursor. In PostgreSQL's order NULL is more than any value. */
export function after(model: ModelClass, order: readonly SortKey[], cursor: Cursor): WhereOptions {
  const steps = order.map((key, n) => ({
    [Op.and]: [
      ...order.slice(0, n).map((before, m) => same(before, cursor[m] ?? null)),
      beyond(key, cursor[n] ?? null, mayBeNull(model, key)),
    ],
  }));
  return { [Op.or]: steps };
}

const same = ({ attribute }: SortKey, value: string | null): WhereOptions => ({
  [attribute]: value === null ? null : { [Op.eq]: exact(value) },
});

function mayBeNull(model: ModelClass, { attribute }: SortKey): boolean {
  const { allowNull, primaryKey } = (inside(model).rawAttributes[attribute] ?? {}) as {
    allowNull?: boolean;
    primaryKey?: boolean;
  };
  return allowNull !== false && !primaryKey;
}

// Where there is no NULL nothing is said of it, so that an index serves.
function beyond({ attribute, direction }: SortKey, value: string | null, nullable: boolean): WhereOptions {
  if (direction === 'ASC') {
    if (value === null) return raw('false');
    if (!nullable) return { [attribute]: { [Op.gt]: exact(value) } };
    return { [Op.or]: [{ [attribute]: { [Op.gt]: exact(value) } }, { [attribute]: null }] };
  }
  return { [attribute]: value === null ? { [Op.ne]: null } : { [Op.lt]: exact(value) } };
}
