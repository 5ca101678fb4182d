import type { Attributes, Model, ModelStatic, Transaction } from 'sequelize';
import type { Operation } from '../reading/entries';

/** Attributes with the values that history has of them; `null` also where an attribute came later. */
export type Kept<M extends Model> = { readonly [K in keyof Attributes<M>]?: Attributes<M>[K] | null };

/** A change of a row, as `changes()` tells it. */
export interface Change<M extends Model = Model> {
  /** `baseline`: the row was there when its history began. `delete`: it is gone for good; what it was last is in `values`. */
  readonly operation: Operation;
  /** The primary key, by attribute. */
  readonly key: Kept<M>;
  /** The row's version, after the change. */
  readonly version: number;
  /** When its transaction began. */
  readonly at: Date;
  /** Its transaction: those of one have the same. */
  readonly transaction: string;
  /** Of the revision: see `withRevision`. */
  readonly actor: string | null;
  readonly comment: string | null;
  readonly context: Record<string, unknown> | null;
  /**
   * The row after the change, as `findAll({ raw: true })` would answer it; of a deletion, before. Excluded attributes are
   * not there, filtered ones are their marker.
   */
  readonly values: Kept<M>;
  /** The number of the entry: the same change has it each time it is read. A row's rise with its changes. */
  readonly entry: string;
}

/** Options of {@link ChangeStatics.changes}. */
export interface ChangesOptions {
  /** The most changes to answer. Default: 1000. */
  limit?: number;
  /** The transaction to read in: its own writes are told once it has committed. Default: Sequelize's CLS, or none. */
  transaction?: Transaction | null;
}

/** What `changes()` answers. */
export interface Changes<M extends Model = Model> {
  readonly rows: readonly Change<M>[];
  /** Where to go on, now or at any time. Keep it in the transaction that does something with the rows. */
  readonly cursor: string;
  /** Is there more by now? */
  readonly more: boolean;
}

/** What a Versioned class has for consumers of its changes. */
export interface ChangeStatics {
  /**
   * The changes behind a cursor: every committed insert, update, archive, restore and deletion for good, by whatever writer,
   * at least once, a row's in their order; without a cursor, from the beginning of the history. A consumer that goes on
   * from the cursor of each answer misses none: changes of a transaction that is under way come after it has committed, and
   * hold up no others. From the write server, of replication; a standby cannot tell.
   *
   * What retention removes before it is read is not told, but for deletions: then the cursor has expired.
   *
   * @throws CursorError the cursor cannot be gone on from; `fault` says why
   * @throws DefinitionError a limit that is none
   * @example
   * const { rows, cursor, more } = await Article.changes(await lastCursor());
   * for (const { operation, key, values } of rows) await send(operation, key, values);
   * await keep(cursor);
   */
  changes<M extends Model>(this: ModelStatic<M>, cursor?: string | null, options?: ChangesOptions): Promise<Changes<M>>;
  /**
   * The present as a cursor: what is committed by now is behind it. For consumers that read the rows themselves first, in
   * this order: the cursor, then the rows.
   *
   * @example const cursor = await Article.cursor();
   */
  cursor<M extends Model>(this: ModelStatic<M>, options?: Pick<ChangesOptions, 'transaction'>): Promise<string>;
}
