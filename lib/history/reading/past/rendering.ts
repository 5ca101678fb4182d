import type { ModelClass } from '../../../models/capabilities';
import type { Shadows } from './shadows';

/** What stands for tables in the SQL that is being made. That is synchronous, so nothing else runs meanwhile. */
let current: Shadows | undefined;

/** Makes SQL in which the shadows of models stand for their tables. */
export function rendering<T>(shadows: Shadows, make: () => T): T {
  const outer = current;
  current = shadows;
  try {
    return make();
  } finally {
    current = outer;
  }
}

/** The name that stands for a model's table in the SQL that is being made, if one does. */
export const shadowOf = (model: ModelClass): string | undefined => current?.of(model);
