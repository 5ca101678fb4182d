/** The column that counts a row's versions, in its table and in the history. */
export const VERSION_COLUMN = '_version';

/** Columns of every history table, beside those of the row. */
export const META = ['_entry', '_operation', '_at', '_transaction', '_actor', '_comment', '_context'] as const;

/** What stands in the place of a filtered value, and of one that this change has changed. */
export const FILTERED = '[filtered]';
export const FILTERED_CHANGED = '[filtered: changed]';

/** What readers tell of an entry, by the names that they give it. */
export const TOLD = {
  operation: '_operation',
  number: VERSION_COLUMN,
  at: '_at',
  transaction: '_transaction',
  actor: '_actor',
  comment: '_comment',
  context: '_context',
} as const;
