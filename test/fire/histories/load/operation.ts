/** Which rows: each object is `column = value AND …`, and any of them will do. `{}` is every row. */
export type Target = Readonly<Record<string, number>>;
export type Row = Readonly<Record<string, number | string | null>>;

/** One thing that a worker does, as it was chosen; whether it may be done, and to which rows, the database decides. */
export interface Operation {
  readonly kind: Kind;
  readonly relation: string;
  /** How it is said: in SQL, or by which call of the model. */
  readonly how: string;
  /** The rows that are archived, restored, deleted or changed; of an insert none. */
  readonly targets: readonly Target[];
  /** The rows that are inserted, or one with what is written into the targets. */
  readonly rows: readonly Row[];
}

export type Kind = 'archive' | 'restore' | 'hard' | 'insert' | 'upsert' | 'link' | 'edit' | 'remove';

/** Ways that go through a model. */
export const CALLS = ['model', 'instance', 'force', 'bulk', 'find', 'increment'];

/** One transaction of a worker. */
export interface Plan {
  readonly level: (typeof LEVELS)[number];
  readonly steps: readonly Step[];
  readonly commit: boolean;
  /** `SET LOCAL` of a timeout, if any. */
  readonly timeout: string | undefined;
  /** The number of the worker whose connection is cut first, if any. */
  readonly victim: number | undefined;
}

export interface Step {
  readonly operation: Operation;
  /** A savepoint before it, released or undone after it; undone in any case if the operation fails. */
  readonly savepoint: 'none' | 'release' | 'undo';
}

export const LEVELS = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'] as const;
