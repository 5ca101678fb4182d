/** What is known of an instance beside what Sequelize keeps. Made when there is something to know. */
export class Tracking {
  /** The database's values of columns that were set, or whose value was read and can be changed in place. */
  readonly baseline = new Map<string, unknown>();
  private named: Set<string> | undefined;
  /** Its row is being inserted: what is put right when that has ended. */
  creation?: Creation | undefined;
  /** How many saves are under way. */
  saving = 0;
  /** The time that Sequelize has put into memory for a save under way, which is no change of the application's. */
  stamped?: string | undefined;
  /** What hooks are still told has changed, since the save that has written it has not ended. */
  told?: Map<string, Told>;

  /** What `changed(name, true)` said to write. Made late: of most rows there is none. */
  get forced(): Set<string> {
    this.named ??= new Set();
    return this.named;
  }

  isForced(name: string): boolean {
    return this.named?.has(name) ?? false;
  }

  /** Is there a column that may have changed? */
  get isKnown(): boolean {
    return this.baseline.size > 0 || (this.named?.size ?? 0) > 0;
  }

  /** The columns of which something is known. */
  get names(): string[] {
    return [...this.baseline.keys(), ...(this.named ?? []), ...(this.told?.keys() ?? [])];
  }

  forget(name: string): void {
    for (const each of [this.baseline, this.named, this.told]) each?.delete(name);
  }
}

export interface Creation {
  /** The times before, which Sequelize puts into memory before it sends anything. */
  readonly times: ReadonlyMap<string, unknown>;
  /** A rollback that came before the end: what it has done, and Sequelize undone. */
  again?: () => void;
}

export interface Told {
  /** What the database held before. */
  readonly before: unknown;
  /** Whose it is. */
  readonly save: object;
}
