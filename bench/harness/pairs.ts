import type { Outcome } from './case';
import type { World } from './world';

/** Does the work once, leaves everything as it was, and answers what the work alone has cost: milliseconds, or bytes. */
export type Side = () => Promise<number>;

/** What is compared: `peers` are other designs. */
export interface Sides {
  ours: Side;
  without: Side;
  peers?: Record<string, Side>;
}

/**
 * Runs all sides in turn, round after round, and answers the medians of each round's ratios: what slows the machine
 * down for a while slows neighbours alike. Every other round runs backwards, so that no side always comes first.
 */
export async function paired(world: World, { ours, without, peers = {} }: Sides): Promise<Outcome> {
  const sides = Object.entries({ ours, without, ...peers });
  const ratios: Record<string, number[]> = Object.fromEntries(sides.map(([name]) => [name, []]));
  // The first round grows the files and fills the caches.
  const end = performance.now() + world.budget;
  for (let round = -1; round < world.pairs || performance.now() < end; round++) {
    const times: Record<string, number> = {};
    for (const [name, side] of round % 2 === 0 ? sides : [...sides].reverse()) times[name] = await side();
    if (round < 0) continue;
    for (const [name, all] of Object.entries(ratios)) all.push((times[name] ?? NaN) / (times.without ?? NaN));
  }
  world.trace?.(ratios);
  const medians = Object.fromEntries(Object.entries(ratios).map(([name, all]) => [name, median(all)]));
  const { ours: ratio = NaN, without: _unit, ...others } = medians;
  return { ratio, peers: others };
}

/** The middle one, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

/** The milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
