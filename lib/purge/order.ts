import { type Step, stuck } from './steps';

/** In which order the rows that go are removed. */
export interface Order {
  readonly steps: readonly Step[];
  /** Steps whose children lose their link first, because they could not go before their parents. */
  readonly unlinked: readonly Step[];
  /** Places, and whether the database's own cascades may have taken rows of them by then. */
  readonly removed: readonly { readonly place: number; readonly mayBeGone: boolean }[];
}

/**
 * Children come before their parents, as far as the keys have no cycle. Where they have one, a CASCADE gives way (the
 * database follows it), then a link that can be cut.
 */
export function orderOf(places: number, all: readonly Step[]): Order {
  const unlinked: Step[] = [];
  const before = new Map<number, Set<number>>();
  const cascades = all.filter(({ follows, action }) => follows && action === 'CASCADE');
  const above = (place: number) =>
    closure(place, (to) => cascades.filter((step) => step.to === to).map(({ from }) => from));
  const precedes = (one: number, other: number) => closure(one, (place) => [...(before.get(place) ?? [])]).has(other);
  const steps = [...all];
  const ties = all.filter(({ ties, follows, action, to }) => ties && to >= 0 && (follows || action.startsWith('SET')));
  for (const step of ties.sort((one, other) => weight(one) - weight(other))) {
    // Whatever takes the parent along has to wait as well.
    const later = [...above(step.from)].filter((place) => place !== step.to);
    if (later.some((place) => precedes(place, step.to))) {
      if (step.nullable.length > 0) unlinked.push(step);
      else steps[steps.indexOf(step)] = stuck(step);
    } else before.set(step.to, new Set([...(before.get(step.to) ?? []), ...later]));
  }
  const left = new Set(Array(places).keys());
  const removed: Order['removed'][number][] = [];
  while (left.size > 0) {
    const free = [...left].filter((place) => ![...left].some((one) => before.get(one)?.has(place)));
    const isLeaf = (place: number) => !cascades.some(({ from, to }) => from === place && to !== place && left.has(to));
    const place = free.find(isLeaf) ?? (free[0] as number);
    const mayBeGone = removed.some((earlier) => earlier.place !== place && above(place).has(earlier.place));
    removed.push({ place, mayBeGone });
    left.delete(place);
  }
  return { steps, unlinked, removed };
}

/** What cannot be cut is seen to first, what the database would cut itself last. */
const weight = ({ nullable, action }: Step) => (nullable.length === 0 ? 0 : action.startsWith('SET') ? 2 : 1);

function closure(start: number, next: (from: number) => readonly number[]): Set<number> {
  const found = new Set([start]);
  for (const each of found) for (const place of next(each)) found.add(place);
  return found;
}
