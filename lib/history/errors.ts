import { GuitarsError } from '../errors';

/** What was asked of a row's history it does not hold, or the row is not in the state that it would have to be in. Nothing was written. */
export class HistoryError extends GuitarsError {}
