import type { PostgresServer } from '../test/support/server';
import { cases } from './cases';
import { type Case, type Result, Unavailable } from './harness/case';
import { type Thoroughness, withWorld } from './harness/world';
import { createSource } from './source';

/** Which cases run, and how. */
export interface BenchOptions {
  /** Smaller tables and fewer rounds, for a run of less than a minute. Default: false. */
  quick?: boolean;
  /** Only cases with this in their names. Default: all. */
  only?: string;
  /** What table sizes are divided by. Default: 1; 10 when quick. */
  shrink?: number;
  /** Hears of every case that begins. */
  progress?: (name: string) => void;
  trace?: Thoroughness['trace'];
}

/** Runs the cases one after another, each in a database of its own. */
export async function bench(server: PostgresServer, options: BenchOptions = {}): Promise<Result[]> {
  const { quick = false, only = '', shrink = quick ? 10 : 1, progress, trace } = options;
  const chosen = cases.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
  if (chosen.length === 0) {
    throw new Error(
      `No case has "${only}" in its name. There are:\n${cases.map(({ name }) => `  ${name}`).join('\n')}`,
    );
  }
  const source = await createSource(server);
  const results: Result[] = [];
  for (const each of chosen) {
    progress?.(each.name);
    results.push(
      await result(server, source, each, { pairs: quick ? 5 : 11, budget: quick ? 1000 : 15_000, shrink, trace }),
    );
  }
  return results;
}

async function result(server: PostgresServer, source: string, each: Case, thoroughness: Thoroughness): Promise<Result> {
  const { name, target = null } = each;
  try {
    const { ratio, peers } = await withWorld(server, source, thoroughness, (world) => each.run(world));
    return { name, ratio, target, peers };
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return { name, ratio: null, target, peers: {}, note: error.message };
  }
}
