import type { Model, Transaction } from 'sequelize';
import { inside, within } from '../internals';
import { copy, isMutable } from './copy';
import { same } from './equality/same';
import { databaseValue, isChanged, isColumn, isDifferent, know, peek, trackingOf, typeOf } from './state';
import { putBack, timesOf } from './times';
import { tell, untell } from './told';
import { undoing } from './undo';

/*
 * The life of one save of a row that is there:
 *
 * 1. choose.ts says what it writes: what has changed, or what it was told, and the partners of that. Nothing: it ends.
 * 2. `around` begins. Sequelize puts the new `updatedAt` into memory (`stamped`: no change of the application's),
 *    validates, and runs the before-hooks.
 * 3. update.ts builds the statement. `send` remembers what it says, what memory held, and what was known of the database.
 * 4. The answer comes: no row means a conflict, if one was looked for. Else `land` takes what was returned into memory,
 *    where memory has nothing newer, and makes it what is known of the database, at once: whatever is learnt later
 *    (another save, a reload, a rollback) is newer, and stays. In a transaction, rollback.ts is told how to undo it.
 * 5. The after-hooks run. They are `told` that what was written has changed, and from what; the truth has moved on.
 * 6. `around` ends: nothing is told any more. Where no row was written, the times are put back.
 */

interface Sent {
  /** What the UPDATE says, as it was then. */
  readonly value: unknown;
  /** What memory held then, and a copy of it. */
  readonly memory: unknown;
  readonly held: unknown;
  /** What was known of the database. */
  readonly known: unknown;
  /** Has the application changed it? */
  readonly dirty: boolean;
  readonly forced: boolean;
  /** Is it among what has changed, for hooks? */
  readonly counted: boolean;
}

/** One UPDATE of an instance: what it sends, what comes back, and what is known afterwards. */
export class Write {
  readonly sent = new Map<string, Sent>();
  /** What this save alone has forced. */
  private readonly forced = new Set<string>();
  private running = false;
  private landed = false;

  constructor(
    private readonly instance: Model,
    /** Is the UPDATE to refuse where another has written the same columns? */
    readonly detect: boolean = false,
  ) {}

  /** Has these written though they have not changed. */
  force(names: readonly string[] = []): void {
    const { forced } = trackingOf(this.instance);
    for (const name of names) {
      if (forced.has(name) || !isColumn(this.instance.constructor, name)) continue;
      forced.add(name);
      this.forced.add(name);
    }
  }

  /** Runs a save of which this is the UPDATE. */
  async around<T>(save: () => Promise<T>): Promise<T> {
    const tracking = trackingOf(this.instance);
    const times = timesOf(this.instance);
    const known = new Map([...times.keys()].map((name) => [name, databaseValue(this.instance, name)]));
    const { updatedAt } = inside(this.instance.constructor)._timestampAttributes ?? {};
    if (updatedAt !== undefined && !isChanged(this.instance, updatedAt)) tracking.stamped = updatedAt;
    tracking.saving++;
    this.running = true;
    try {
      return await save();
    } finally {
      this.running = false;
      if (--tracking.saving === 0) tracking.stamped = undefined;
      untell(this.instance, this);
      if (!this.landed) {
        for (const name of this.forced) tracking.forced.delete(name);
        // Unless another save has landed meanwhile.
        for (const [name, before] of known) if (!this.isKnown(name, before)) times.delete(name);
        putBack(this.instance, times);
      }
    }
  }

  /** Takes note of what goes to the database, by attribute. */
  send(values: ReadonlyMap<string, unknown>): void {
    for (const [name, value] of values) {
      const memory = within(this.instance).dataValues[name];
      this.sent.set(name, {
        value: copy(value),
        memory,
        held: copy(memory),
        known: databaseValue(this.instance, name),
        dirty: this.isDirty(name),
        forced: !this.forced.has(name) && (peek(this.instance)?.forced.has(name) ?? false),
        counted: isChanged(this.instance, name),
      });
    }
  }

  /** The row is written. What it returns is taken into memory, but where memory has something newer. */
  land(returned: ReadonlyMap<string, unknown>, transaction: Transaction | null | undefined): void {
    this.landed = true;
    for (const [name, value] of returned) if (!this.sent.has(name)) this.learn(name, value, transaction);
    for (const [name, sent] of this.sent) {
      const back = returned.has(name);
      if (back) take(this.instance, name, sent, returned.get(name));
      know(this.instance, name, back ? returned.get(name) : sent.value);
      if (this.running && sent.counted) tell(this.instance, name, this, sent.known);
      undoing(this.instance, name, sent, transaction);
    }
  }

  /** What was returned beside what was written. */
  private learn(name: string, value: unknown, transaction: Transaction | null | undefined): void {
    const before = { dirty: isChanged(this.instance, name), known: databaseValue(this.instance, name) };
    if (!before.dirty) within(this.instance).dataValues[name] = value;
    know(this.instance, name, value);
    undoing(this.instance, name, before, transaction);
  }

  /** Has the application changed it? What this save forces, it has not. */
  private isDirty(name: string): boolean {
    if (inside(this.instance.constructor)._readOnlyAttributes.has(name)) return false;
    return this.forced.has(name) ? isDifferent(this.instance, name) : isChanged(this.instance, name);
  }

  private isKnown(name: string, value: unknown): boolean {
    return same(typeOf(this.instance, name), databaseValue(this.instance, name), value);
  }
}

/** Takes what came back into memory, unless that has changed since it was sent. */
export function take(instance: object, name: string, sent: Pick<Sent, 'memory' | 'held'>, returned: unknown): void {
  const { dataValues } = within(instance);
  const now = dataValues[name];
  const type = typeOf(instance, name);
  if (!Object.is(now, sent.memory) || (isMutable(now) && !same(type, now, sent.held))) return;
  // An object that means the same stays: the application may hold on to it.
  if (!isMutable(now) || !same(type, now, returned)) dataValues[name] = copy(returned);
}
