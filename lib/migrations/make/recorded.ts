import { keyOf, type Step } from './step';

/** An object that the migrations of a folder have left standing. */
export interface Recorded {
  readonly step: Step;
  /** SQL that creates it as it stands. */
  readonly create: readonly string[];
  /** SQL that drops it. */
  readonly drop: readonly string[];
}

/** Folds over the steps of a folder's migrations, in their order: what stands when all have run. */
export function fold(steps: Iterable<Step>): Map<string, Recorded> {
  const standing = new Map<string, Recorded>();
  for (const step of steps) {
    const key = keyOf(step);
    if (step.action === 'retire') standing.delete(key);
    else {
      const drop = step.drop ?? step.down;
      standing.set(key, { step, create: step.up, drop });
    }
  }
  return standing;
}
