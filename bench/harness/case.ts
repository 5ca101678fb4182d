import type { World } from './world';

/** Ratios against the same work without the library: the library's own, and those of other designs. */
export interface Outcome {
  ratio: number;
  peers: Record<string, number>;
}

/** One row of the table "What it may cost". */
export interface Case {
  readonly name: string;
  /** The ratio that is to be reached; undefined where the figure is only reported. */
  readonly target?: number;
  /** Makes its tables in the empty database of `world`, and measures. */
  run(world: World): Promise<Outcome>;
}

/** What a case came to. */
export interface Result {
  name: string;
  /** Null where the case cannot run on this server. */
  ratio: number | null;
  target: number | null;
  peers: Record<string, number>;
  /** Why there is no ratio. */
  note?: string;
}

/** Thrown by a case that this server has not what it takes to run. */
export class Unavailable extends Error {}
