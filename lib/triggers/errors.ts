import { CursorError, type CursorFault, GuitarsError } from '../errors';

/** What a refusal of the database says of itself. */
export interface Refusal {
  /** SQLSTATE. */
  readonly code: string;
  /** The name of the trigger that refused. */
  readonly constraint?: string;
  readonly schema?: string;
  readonly table?: string;
  /** The column, where one was at fault. */
  readonly column?: string;
  readonly detail?: string;
  readonly hint?: string;
}

/** A trigger that is declared on a model has refused a statement. `cause` is Sequelize's error. */
export class TriggerError extends GuitarsError implements Refusal {
  readonly code: string;
  readonly constraint?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly detail?: string;
  readonly hint?: string;

  constructor(message: string, refusal: Refusal, options?: { cause?: unknown }) {
    super([message, refusal.hint].filter(Boolean).join('. '), options);
    this.code = refusal.code;
    this.constraint = refusal.constraint;
    this.schema = refusal.schema;
    this.table = refusal.table;
    this.column = refusal.column;
    this.detail = refusal.detail;
    this.hint = refusal.hint;
  }
}

/** `protect` or `appendOnly` has refused an operation. */
export class ProtectedError extends TriggerError {}

/** `readOnly` has refused the change of a column. */
export class ReadOnlyError extends TriggerError {}

/** `fsm` has refused a transition, or a state to begin with. */
export class TransitionError extends TriggerError {}

/** `together` has refused an UPDATE that sets some of a group of columns and not all. `detail` lists them. */
export class TogetherError extends TriggerError {}

/** A model with `requireRevision` was written to without a revision. */
export class RevisionRequiredError extends TriggerError {}

/** SQLSTATEs of the ready-made triggers, of the class of integrity violations, so that other programs take them for such. */
export const REFUSED = {
  protected: '23U01',
  readOnly: '23U02',
  transition: '23U03',
  together: '23U04',
  revision: '23U05',
} as const;

/** SQLSTATE of guitars.history_position(). */
const CURSOR_FAULT = '22U01';

const CLASSES: Record<string, typeof TriggerError> = {
  [REFUSED.protected]: ProtectedError,
  [REFUSED.readOnly]: ReadOnlyError,
  [REFUSED.transition]: TransitionError,
  [REFUSED.together]: TogetherError,
  [REFUSED.revision]: RevisionRequiredError,
};

/** The error of ours for one of the driver's, if it is a refusal of a ready-made trigger. */
export function explained(error: unknown): unknown {
  const parent = ((error as { parent?: unknown } | null)?.parent ?? {}) as Refusal & { message?: string };
  if (parent.code === CURSOR_FAULT) {
    return new CursorError(parent.table ?? '', parent.constraint as CursorFault, { cause: error });
  }
  const Explained = CLASSES[parent.code];
  return Explained ? new Explained(parent.message ?? '', parent, { cause: error }) : error;
}
