import type {
  Attributes,
  CountOptions,
  CreationOptional,
  FindOptions,
  ForeignKey,
  Model,
  ModelStatic,
} from 'sequelize';
import type { BackOptions, UndeleteOptions } from './back';
import type { ChangeStatics } from './changes';
import type { Asking, Fields, Page, Version, VersionChanges } from './reading';

/** What a Versioned instance has. */
export interface VersionedInstance {
  /** How many times the row has been written, the first time included; counted by the database. The init option `version` gives it another name. */
  readonly _version: CreationOptional<ForeignKey<number>>;
  /**
   * The versions of the row, in order. Of rows that had its key before it, and are gone, `historyOf` tells.
   *
   * @throws DefinitionError the row is not in the database yet
   * @throws HistoryError there is no history table yet
   * @example const [last] = await article.versions({ order: 'DESC', limit: 1 });
   */
  versions(options?: Page): Promise<Version<this>[]>;
  /**
   * One version of the row by its number; null if history holds none. Where rows had its key before it, that of the
   * present one first, then of the last.
   */
  version(number: number, options?: Asking): Promise<Version<this> | null>;
  /**
   * What differs between two versions, from `a` to `b`, but the version and `updatedAt`. A filtered attribute is told, by
   * markers, where some change between them was of it.
   *
   * @throws HistoryError there is no such version
   * @throws DefinitionError a Version of another row
   * @example await article.diff(1, 3); // { title: { old: 'a', new: 'c' } }
   */
  diff(a: number | Version<unknown>, b: number | Version<unknown>, options?: Asking): Promise<VersionChanges<this>>;
  /**
   * Makes the row what it was in a version, with one save: validated, with hooks, and a new version. Not put back are
   * the key, the version, the times (so neither whether it is archived: that is `restore()` and `destroy()`), what is generated,
   * excluded or filtered, and what never is null and had no column then. Where nothing differs, nothing is written. Other writers
   * of the row wait, and what the instance has unsaved of other attributes stays unsaved.
   *
   * @throws HistoryError there is no such version, or the row is gone
   * @throws DefinitionError a Version of another row
   * @throws ForeignKeyConstraintError it had a parent then that is archived or gone
   * @example await article.revertTo(3);
   */
  revertTo(version: number | Version<unknown>, options?: BackOptions): Promise<this>;
  /**
   * The same of single attributes, each from a version of its own. (On a Tracked model a list of names, or nothing, puts back
   * what was not saved.)
   *
   * @throws DefinitionError an attribute that cannot be put back, or a Version of another row
   * @throws HistoryError there is no such version, or the row is gone
   * @example await article.revertFields({ title: 3, body: 5 });
   */
  revertFields(
    versions: { readonly [K in Fields<this>]?: number | Version<unknown> },
    options?: BackOptions,
  ): Promise<this>;
  /**
   * Undoes what the last change of the row did: an update is put back, a row that was archived is restored, one that was
   * restored is archived. That is a change as well, so that a second `undo()` takes back the first.
   *
   * @throws HistoryError the row was written since the instance was read, so that the last change is another than it
   *   seems; or it was inserted last, or what it was before is not kept
   */
  undo(options?: BackOptions): Promise<this>;
}

/** The primary key of a row: its value, or the values by attribute. */
export type PrimaryKey<M> =
  | string
  | number
  | bigint
  | Date
  | Uint8Array
  | (M extends Model ? Partial<Attributes<M>> : never);

/** What a Versioned class has. */
export interface VersionedStatics extends ChangeStatics {
  /**
   * All that history holds of a key, in order: of every row that has had it, those that are gone for good included.
   *
   * @throws DefinitionError it is no primary key
   * @example const versions = await Article.historyOf(7);
   */
  historyOf<M extends Model>(this: ModelStatic<M>, key: PrimaryKey<M>, options?: Page): Promise<Version<M>[]>;
  /**
   * A findAll of the rows as they were at a moment, with where, order, limit, attributes, group and includes, also of what
   * is archived now or gone. Every model in it has to be versioned, through models too. Excluded and filtered attributes
   * are missing, also in conditions. What the instances do is done in the present, and so is what a literal reads of a table that it names.
   *
   * The moment is a Date (to the end of its millisecond), an ISO string with a zone (up to microseconds), or a cursor. By time, a
   * transaction counts as a whole from when it began, as `updatedAt` does; where transactions overlap, a cursor of the model is
   * exact, for includes of the model itself.
   * Rows are unknown before their history began.
   *
   * @throws DefinitionError no moment, a model without a history, a lock, or a condition on what history does not tell of
   * @example await Article.asOf(new Date('2031-05-01'), { where: { title: 'a' }, include: 'tags' });
   */
  asOf<M extends Model>(
    this: ModelStatic<M>,
    moment: Date | string,
    options?: FindOptions<Attributes<M>>,
  ): Promise<M[]>;
  /** The count that goes with {@link asOf}. */
  countAsOf<M extends Model>(
    this: ModelStatic<M>,
    moment: Date | string,
    options?: Omit<CountOptions<Attributes<M>>, 'group'>,
  ): Promise<number>;
  /**
   * Inserts the last known row of a key again, after a hard delete, with hooks and validation: as it was, archived if it was,
   * with its `createdAt` and the next version. What its removal took along (by the keys of the database) is to be undeleted
   * itself. `values` stand in for what history does not keep.
   *
   * @throws HistoryError the row is there, or was never known, or an attribute that cannot be null is excluded or filtered
   * @throws UniqueConstraintError a value of it is taken by now
   * @throws ForeignKeyConstraintError a parent of it is archived or gone
   * @example const article = await Article.undelete(7);
   */
  undelete<M extends Model>(
    this: ModelStatic<M>,
    key: PrimaryKey<M>,
    options?: UndeleteOptions & { values?: Partial<Attributes<M>> },
  ): Promise<M>;
}

/** What a Versioned model is beside what it was. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript demands any[] of a mixin's constructor
export type VersionedClass = (new (...args: any[]) => VersionedInstance) & VersionedStatics;
