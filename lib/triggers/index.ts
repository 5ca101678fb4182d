import { attachToInit } from './attach';

export { allChange, allDontChange, anyChange, anyDontChange, type ChangedFields } from './conditions/changes';
export { distinctFrom } from './conditions/compare';
export { and, type Condition, not, or } from './conditions/condition';
export { raw } from './conditions/raw';
export { type RowConditions, type RowsConditions, when } from './conditions/when';
export { ProtectedError, ReadOnlyError, TogetherError, TransitionError, TriggerError } from './errors';
export { col, type Fragment, fresh, literal, old, type Ref, table } from './fragment';
export { del, insert, type Operation, truncate, update, updateOf } from './operations';
export { type ComposerOptions, changes, composer } from './ready/composer';
export { type FsmOptions, fsm, type State } from './ready/fsm';
export { type NotifyOptions, notify } from './ready/notify';
export { appendOnly, type ProtectOptions, protect } from './ready/protect';
export { type ReadOnlyOptions, readOnly } from './ready/readOnly';
export { type SearchVectorOptions, searchVector, type Weight } from './ready/searchVector';
export { type SoftDeleteOptions, softDelete } from './ready/softDelete';
export { together } from './ready/together';
export { registerTriggers } from './register';
export { triggersOf } from './registry';
export { setConstraints } from './runtime/constraints';
export { type InTransaction, ignoreTriggers } from './runtime/ignore';
export type { TriggerFilter, TriggerSelection } from './runtime/selection';
export { type Piece, plpgsql, sql } from './template';
export { type Trigger, type TriggerOptions, trigger, type When } from './trigger';

attachToInit();
