import { badParameter } from '../problem/problem';
import type { Settings } from '../settings';
import { type Cursor, cursorOf } from './cursor';
import type { Parameters } from './parameters';
import { namesIn } from './shape';

/** An attribute that rows go by. */
export interface SortKey {
  readonly attribute: string;
  readonly direction: 'ASC' | 'DESC';
}

/** Which rows of a list are asked for. */
export interface Page {
  readonly size: number;
  readonly order: readonly SortKey[];
  /** As in the query, `-createdAt,title`. */
  readonly sort: string;
  /** By number, from 1; with a cursor: undefined. */
  readonly number: number | undefined;
  /** After which row; null: from the first one. Only in pages by cursor. */
  readonly after: Cursor | null | undefined;
}

/** @throws ProblemError (400) no such page */
export function takePage(settings: Settings, parameters: Parameters): Page {
  const { model, page } = settings;
  const size = whole('pageSize', parameters.take('pageSize'), page.size, page.max);
  const sort = parameters.take('sort') ?? '';
  const order = orderOf(settings, sort);
  const [number, cursor] = [parameters.take('page'), parameters.take('cursor')];
  if (cursor === undefined) {
    const last = Math.floor(page.maxOffset / size) + 1;
    return { size, order, sort, number: whole('page', number, 1, last), after: undefined };
  }
  if (number !== undefined) throw badParameter('cursor', 'goes without "page". Say one of the two.');
  return { size, order, sort, number: undefined, after: cursor === '' ? null : cursorOf(model, cursor, order) };
}

/** @throws ProblemError (400) it is no such number */
export function whole(parameter: string, text: string | undefined, standard: number, most: number): number {
  if (text === undefined) return standard;
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return value;
  const further = parameter === 'page' ? ' Further on, go by "cursor", which begins as "cursor=".' : '';
  throw badParameter(parameter, `must be a whole number from 1 to ${most}.${further}`);
}

/** The order asked for, and then by the key, so that it is one in which every row has its place. */
function orderOf({ model, sort: allowed }: Settings, sort: string): readonly SortKey[] {
  const all = allowed.flatMap((name) => [name, `-${name}`]);
  const names = (sort === '' ? undefined : namesIn('sort', sort, all)) ?? [];
  const asked = names.map((name) =>
    allowed.includes(name)
      ? { attribute: name, direction: 'ASC' as const }
      : { attribute: name.slice(1), direction: 'DESC' as const },
  );
  const twice = asked.find(({ attribute }, n) => asked.findIndex((each) => each.attribute === attribute) !== n);
  if (twice) throw badParameter('sort', `has "${twice.attribute}" twice.`);
  const keys = (model.primaryKeyAttributes as string[]).filter((name) =>
    asked.every(({ attribute }) => attribute !== name),
  );
  return [...asked, ...keys.map((attribute) => ({ attribute, direction: 'ASC' as const }))];
}
