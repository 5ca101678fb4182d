/** Parameters of the query that are taken together. */
export type Taking = 'page' | 'shape' | 'filters' | 'permanent' | 'moment' | 'versions' | 'span';

/** The kinds of bodies. */
export type BodyKind = 'create' | 'replace' | 'update' | 'revertFields' | 'rollBack' | 'undo';

/** The kinds of answers that are successes. */
export type AnswerKind =
  | 'page'
  | 'row'
  | 'created'
  | 'nothing'
  | 'removed'
  | 'restored'
  | 'versions'
  | 'version'
  | 'diff';

/** What a job's document tells of it. The rest follows from these and from the router's settings. */
export interface Description {
  readonly summary: string;
  readonly takes?: readonly Taking[];
  readonly body?: BodyKind;
  readonly answers: AnswerKind;
  /** Statuses of problems that do not follow from the rest. */
  readonly mayBe?: readonly (403 | 409 | 422)[];
  /** Does it heed `If-Match`? */
  readonly ifMatch?: boolean;
  /** Is it about what was, and so of what history tells alone? */
  readonly past?: boolean;
}
