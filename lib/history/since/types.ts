import type { Attributes, FindOptions, Model, ModelStatic, WhereOptions } from 'sequelize';
import type { SinceQuery } from './query';

/**
 * A time: a Date; ISO 8601 with its offset (a date alone is its midnight in UTC), to the microsecond; or seconds since 1970.
 */
export type SinceTime = Date | string | number;

interface Given {
  /** Rows created or updated after it. */
  timestamp: SinceTime;
  /** Rows whose version is greater; of models that are `Versioned`. */
  version: number;
  /** Rows that changed after a cursor of `changes()`. */
  cursor: string;
}

/** From where on. Of several, a row has to meet all. */
export type SinceCriteria = { [K in keyof Given]: Pick<Given, K> & Partial<Given> }[keyof Given];

/** What reads pass on to Sequelize. */
export type ReadOptions = Pick<FindOptions, 'transaction' | 'logging' | 'benchmark'> & { useMaster?: boolean };

/** Options of {@link SinceStatics.since}. */
export interface SinceOptions<M extends Model = Model> extends ReadOptions {
  /** Whether archived rows are among them. Default: `false`; of a scope that has archived rows (`archives`, `all`): `true`. */
  deleted?: boolean;
  /** The most rows to answer. Default: all. */
  limit?: number;
  /** How many rows are fetched at a time by `for await`. Default: 1000. */
  pageSize?: number;
  /** What else a row has to meet. */
  where?: WhereOptions<Attributes<M>>;
}

/** What a class with {@link Since} has. */
export interface SinceStatics {
  /**
   * The rows that were created or updated since, in the order of their last change and then of their key; awaited, an
   * array in one statement; iterated, fetched in pages as they are asked for.
   *
   * A time is strict: `created > t OR updated > t`, in the database and so to the microsecond. A Date has milliseconds: of
   * rows of that very millisecond some may be answered again, and none is missed; `lastChange({ exact: true })` gives a
   * time that has them all. What no time can tell is a transaction that began before it and commits later: its rows bear
   * the time when it began. Ask for a time well before your last, or use a cursor, which misses nothing.
   *
   * While pages are fetched, others may write: a row that they change comes (again) later, and none is missed.
   *
   * @throws DefinitionError nothing is given that it takes, or what is given is no time, version or cursor
   * @example
   * const rows = await Article.since({ timestamp: '2026-01-31T12:00:00Z' }, { deleted: true });
   * for await (const article of Article.since({ timestamp: lastSync })) await send(article);
   */
  since<M extends Model>(this: ModelStatic<M>, criteria: SinceCriteria, options?: SinceOptions<M>): SinceQuery<M>;
  /**
   * The time of the last change of any row, archived ones included; null of a table without rows. Cut to the millisecond,
   * unless `exact`: then it is ISO 8601 text, which `since` takes.
   *
   * @example const etag = await Article.lastChange();
   */
  lastChange<M extends Model>(this: ModelStatic<M>, options: ReadOptions & { exact: true }): Promise<string | null>;
  lastChange<M extends Model>(this: ModelStatic<M>, options?: ReadOptions & { exact?: false }): Promise<Date | null>;
  /**
   * The rows that are not archived; takes what `findAll` takes.
   *
   * @example const live = await Article.undeleted({ where: { authorId: 5 } });
   */
  undeleted<M extends Model>(this: ModelStatic<M>, options?: FindOptions<Attributes<M>>): Promise<M[]>;
}

/** What a Since model is beside what it was. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript demands any[] of a mixin's constructor
export type SinceClass = (new (...args: any[]) => object) & SinceStatics;
