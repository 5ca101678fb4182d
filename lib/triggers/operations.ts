/** What sets a trigger off. */
export interface Operation {
  readonly event: 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE';
  /** Of an UPDATE: the attributes of which one must be in its SET list. */
  readonly fields?: readonly string[];
}

export const insert: Operation = { event: 'INSERT' };
export const update: Operation = { event: 'UPDATE' };
/** A row that goes. A soft delete is an UPDATE: for that, give {@link update} a condition on the time of deletion. */
export const del: Operation = { event: 'DELETE' };
export const truncate: Operation = { event: 'TRUNCATE' };

/**
 * An UPDATE that has one of these attributes in its SET list, changed or not.
 *
 * @example trigger({ name: 'price', when: 'before', operation: [insert, updateOf('price')], body })
 */
export const updateOf = (...fields: string[]): Operation => ({ event: 'UPDATE', fields });
