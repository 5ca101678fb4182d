import type { Attributes, Model, NonAttribute, SaveOptions, Utils } from 'sequelize';

// Here, in a file that the package's own declarations reach, so that applications see it too.
declare module 'sequelize' {
  interface ModelOptions {
    /**
     * Groups of attributes of a tracked model that are only ever written together: a save that writes one of a
     * group writes them all. Groups that overlap are one. Default: none.
     *
     * @throws DefinitionError at init: a name is no column that a save can write, or a group has but one
     * @example Person.init(attributes, { sequelize, updateTogether: [['heightFeet', 'heightInches']] });
     */
    updateTogether?: readonly (readonly string[])[];
  }
}

/** What a tracked model's `save` and `update` take beside Sequelize's own options. */
export interface TrackedSaveOptions {
  /**
   * Write every column that was loaded, changed or not, but the primary key and read-only ones. Default: `false`, only
   * what has changed.
   */
  saveAllFields?: boolean;
  /**
   * `'detect'`: write nothing, and throw a StaleWriteError, if a column that this save writes has changed in the database
   * since it was read. Times are compared to the millisecond. Default: the last to save wins.
   *
   * @throws StaleWriteError another has written it, or the row is gone
   * @throws DefinitionError a column that it writes was never read
   */
  conflict?: 'detect';
}

/** The names of the attributes of an instance. */
type Names<M> = M extends Model ? keyof Attributes<M> : never;

/** The members of an instance that may be attributes: those of Sequelize's own and of ours are left out by name. */
type Own<M> = Exclude<keyof M, keyof Model | keyof TrackedInstance>;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Is it what no attribute can be: a method, or a NonAttribute, as associations are and getters should be? */
type IsNone<T> =
  IsAny<T> extends true
    ? false
    : NonNullable<T> extends (...given: never[]) => unknown
      ? true
      : keyof NonAttribute<object> extends keyof NonNullable<T>
        ? true
        : false;

/** The last known state of a row in the database, and its values one by one. Columns that were not loaded are missing. */
export type OldValues<M> = {
  readonly [K in Own<M> as IsNone<M[K]> extends true ? never : K]?: M[K];
} & Iterable<readonly [name: string, value: unknown]>;

/** What has changed, by attribute: from what to what. */
export type Changes<M> = { [K in Names<M>]?: { old: unknown; new: unknown } };

type Values<M extends Model> = {
  [K in keyof Attributes<M>]?: Attributes<M>[K] | Utils.Fn | Utils.Col | Utils.Literal;
};

/** What a Tracked instance has. What has changed is what differs from the last known state of the row in the database. */
export interface TrackedInstance {
  /**
   * Has the attribute changed; has anything, when none is named?
   *
   * @throws DefinitionError it is no column
   * @example if (article.hasChanged('title')) …
   */
  hasChanged(name?: Names<this>): boolean;
  /** The names of what has changed. */
  readonly changedFields: NonAttribute<string[]>;
  /**
   * The row as the database has it, as far as this instance knows; not to be written. A row that is not in the database
   * yet has none.
   *
   * @example const { title } = article.oldValues; for (const [name, value] of article.oldValues) …
   */
  readonly oldValues: NonAttribute<OldValues<this>>;
  /**
   * Puts back what the database has: all that has changed, or the attributes named.
   *
   * @throws DefinitionError a name is no column; the row is not in the database yet
   * @example article.revertFields(['title']);
   */
  revertFields(names?: readonly Names<this>[]): this;
  /**
   * What has changed, fit to log: long texts are cut, of bytes their number is told.
   *
   * @example logger.info(article.whatChanged()); // { title: { old: 'a', new: 'b' } }
   */
  whatChanged(): Changes<this>;
  /** Sequelize's own save, of what has changed. Nothing has: no SQL, and no hooks. */
  save(options?: SaveOptions & TrackedSaveOptions): Promise<this>;
  /** Sequelize's own update, with {@link TrackedSaveOptions}. */
  update<M extends Model>(this: M, values: Values<M>, options?: SaveOptions & TrackedSaveOptions): Promise<this>;
}

// biome-ignore lint/suspicious/noExplicitAny: TypeScript demands any[] of a mixin's constructor
export type TrackedClass = new (...args: any[]) => TrackedInstance;
