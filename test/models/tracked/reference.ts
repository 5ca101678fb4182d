import { isDeepStrictEqual } from 'node:util';

/** The columns that the commands are about. */
export const NAMES = ['name', 'age', 'meta', 'tags'] as const;
export type Name = (typeof NAMES)[number];
export type Row = Record<Name, unknown>;

/** Whom a value in memory comes from. */
type Source = 'user' | 'database';

interface Known {
  row: Row;
  source: Record<Name, Source>;
}

interface Level {
  readonly stored: Row;
  readonly known: Known;
}

const clone = <T>(value: T): T => structuredClone(value);
const each = <T>(value: (name: Name) => T) =>
  Object.fromEntries(NAMES.map((name) => [name, value(name)])) as Record<Name, T>;

/** What the two mean, where the column is of numbers or not. */
export const equal = (name: Name, a: unknown, b: unknown): boolean =>
  name === 'age' && a !== null && b !== null ? Number(a) === Number(b) : isDeepStrictEqual(a, b);

/**
 * What tracking is to be, in the plainest words: one row, what the database holds, what is known of that, what memory
 * holds, and copies of it all for each transaction and savepoint.
 */
export class Reference {
  stored: Row;
  memory: Row;
  /** Is the object in `meta` the one that the application holds on to? */
  holds = false;
  /** Has the open transaction written the row, so that others would wait for it? */
  locked = false;
  private source = each<Source>(() => 'database');
  private known: Known;
  private readonly levels: Level[] = [];

  constructor(row: Row) {
    this.stored = clone(row);
    this.memory = clone(row);
    this.known = { row: clone(row), source: each<Source>(() => 'database') };
  }

  get depth(): number {
    return this.levels.length;
  }

  get old(): Row {
    return this.known.row;
  }

  changed(): Name[] {
    return NAMES.filter((name) => !equal(name, this.memory[name], this.known.row[name]));
  }

  set(name: Name, value: unknown): void {
    this.memory[name] = clone(value);
    this.source[name] = equal(name, value, this.known.row[name]) ? this.known.source[name] : 'user';
    if (name === 'meta') this.holds = false;
  }

  /** As `set`, but that the object stays the same. */
  mutate(name: Name, change: (value: never) => void): void {
    const { holds } = this;
    const value = clone(this.memory[name]);
    change(value as never);
    this.set(name, value);
    this.holds = holds;
  }

  stale(): Name[] {
    return this.changed().filter((name) => !equal(name, this.stored[name], this.known.row[name]));
  }

  save(names: readonly Name[] = this.changed()): void {
    if (this.changed().length === 0) return;
    for (const name of names) {
      this.stored[name] = clone(this.memory[name]);
      this.known.row[name] = clone(this.memory[name]);
      this.known.source[name] = this.source[name];
      if (this.depth > 0) this.locked = true;
    }
  }

  reload(names: readonly Name[] = NAMES): void {
    for (const name of names) {
      if (!equal(name, this.stored[name], this.known.row[name])) this.known.source[name] = 'database';
      this.known.row[name] = clone(this.stored[name]);
      this.memory[name] = clone(this.stored[name]);
      this.source[name] = this.known.source[name];
      if (name === 'meta') this.holds = false;
    }
  }

  revert(names: readonly Name[] = this.changed()): void {
    for (const name of names) {
      this.memory[name] = clone(this.known.row[name]);
      this.source[name] = this.known.source[name];
      if (name === 'meta') this.holds = false;
    }
  }

  /** Another writes the row: in our transaction, or in one of its own, which no rollback of ours takes back. */
  elsewhere(name: Name, value: unknown, ours: boolean): void {
    this.stored[name] = clone(value);
    if (ours) this.locked = this.depth > 0;
    else for (const { stored } of this.levels) stored[name] = clone(value);
  }

  begin(): void {
    this.levels.push({ stored: clone(this.stored), known: clone(this.known) });
  }

  commit(): void {
    this.levels.pop();
    if (this.depth === 0) this.locked = false;
  }

  rollback(): void {
    const { stored, known } = this.levels.pop() as Level;
    for (const name of NAMES) {
      const moved = !equal(name, known.row[name], this.known.row[name]);
      if (moved && this.source[name] === 'database') {
        this.memory[name] = clone(known.row[name]);
        if (name === 'meta') this.holds = false;
      }
      this.source[name] = equal(name, this.memory[name], known.row[name]) ? known.source[name] : 'user';
    }
    this.stored = stored;
    this.known = known;
    if (this.depth === 0) this.locked = false;
  }
}
