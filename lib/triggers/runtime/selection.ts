import type { AnyModel } from '../../models/capabilities';

/** Which triggers are meant: a name, or what they have in common. */
export interface TriggerFilter {
  readonly name?: string;
  readonly model?: AnyModel;
  /** `trigger`, or the name of the function that made it, such as `protect`. */
  readonly kind?: string;
  readonly tag?: string;
}

/** One filter or several; a text is a name. */
export type TriggerSelection = string | TriggerFilter | readonly (string | TriggerFilter)[];
