import type { Attributes, Model } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { copy } from '../../models/tracked/copy';
import { versionedOptionsOf } from '../options';
import { changesOf, type Differences } from './changes';
import { askingOf, type Entry, entriesOf, type Operation } from './entries';
import type { RowKey } from './key';
import { type Asking, locateOne } from './located';

/** The names of what history may hold of a model. */
export type Fields<M> = M extends Model ? Extract<keyof Attributes<M>, string> : string;

/** Values of some attributes of a model. */
export type Values<M> = M extends Model ? Partial<Attributes<M>> : Record<string, unknown>;

/** What differs between two versions, by attribute: from what to what. */
export type VersionChanges<M> = { [K in Fields<M>]?: { old: unknown; new: unknown } };

/** What a version is made of. */
interface Parts {
  readonly model: ModelClass;
  readonly key: RowKey;
  readonly entry: Entry;
}

const parts = new WeakMap<object, Parts>();

/** What a version is made of; undefined of anything else. */
export const partsOf = (version: unknown): Parts | undefined => parts.get(version as object);

/** A version of a row with that key. */
export function versionOf(model: ModelClass, key: RowKey, entry: Entry): Version {
  const version = new Version(entry);
  parts.set(version, { model, key, entry });
  return version;
}

/** One entry of a row's history: the row as a change left it, and who made it, when and why. Of a `delete`, the row as it was. */
export class Version<M = Model> {
  /** The row's version, as its attribute `_version` was then. A delete has that of the row it removed. */
  readonly number: number;
  /** What was done. `baseline`: the row was there when history began, or had changed while nobody looked. */
  readonly operation: Operation;
  /** When the transaction began that did it. */
  readonly at: Date;
  /** Of the revision, as given to `withRevision`; null without one. */
  readonly actor: string | null;
  readonly comment: string | null;
  readonly context: Record<string, unknown> | null;
  /** The number of the transaction that did it. */
  readonly transaction: string;
  /** The row's values. Excluded attributes are missing; of filtered ones there is a marker, `[filtered]` or `[filtered: changed]`. */
  readonly values: Values<M>;

  #instance: M | undefined;

  /** For this library: see `versions()` and `historyOf()`. */
  constructor(entry: Entry) {
    this.number = entry.number;
    this.operation = entry.operation;
    this.at = entry.at;
    this.actor = entry.actor;
    this.comment = entry.comment;
    this.context = entry.context;
    this.transaction = entry.transaction;
    this.values = entry.values as Values<M>;
  }

  /**
   * The row as it was, as an instance of the model; excluded and filtered attributes are missing. What is saved of it is
   * saved in the present.
   */
  get instance(): M {
    this.#instance ??= built(this.#parts) as M;
    return this.#instance;
  }

  /** The names of what this change changed, but the version and `updatedAt`; of an insert, all that was not null. */
  get changedFields(): Fields<M>[] {
    return Object.keys(this.#changes()) as Fields<M>[];
  }

  /**
   * What this change changed, from what to what; a filtered value by its markers. Nothing, where it is not known what the
   * row was before: at a baseline, where earlier entries were pruned, or the row came from another key.
   *
   * @example (await article.version(3))?.changes(); // { title: { old: 'a', new: 'b' } }
   */
  changes(): VersionChanges<M> {
    return this.#changes() as VersionChanges<M>;
  }

  #changes(): Differences {
    return changesOf(this.#parts.model, this.#parts.entry);
  }

  get #parts(): Parts {
    return parts.get(this) as Parts;
  }

  /** The entry before, of whatever row had the key; null at the first one that is kept. */
  previous(options: Asking = {}): Promise<Version<M> | null> {
    return this.#beside(options, '<', 'DESC');
  }

  /** The entry after, of whatever row had the key; null at the last one. */
  next(options: Asking = {}): Promise<Version<M> | null> {
    return this.#beside(options, '>', 'ASC');
  }

  async #beside(options: Asking, side: '<' | '>', order: 'ASC' | 'DESC'): Promise<Version<M> | null> {
    const how = askingOf(options);
    const { model, key, entry } = this.#parts;
    const where = `e._entry ${side} ${entry.id}`;
    const [found] = await entriesOf(await locateOne(model, how), key, { ...how, where, order, limit: 1 });
    return found ? (versionOf(model, key, found) as Version<M>) : null;
  }
}

function built({ model, entry }: Parts): unknown {
  const { filter = [] } = versionedOptionsOf(model) ?? {};
  const values = Object.entries(entry.values).filter(([name]) => !filter.includes(name));
  return inside(model).build(copy(Object.fromEntries(values)), { isNewRecord: false, raw: true });
}
