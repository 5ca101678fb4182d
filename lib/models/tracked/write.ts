import type { Model, Transaction } from 'sequelize';
import { inside, within } from '../internals';
import { copy, isMutable } from './copy';
import { same } from './equality/same';
import { databaseValue, isChanged, isColumn, isDifferent, know, peek, trackingOf, typeOf } from './state';
import { undoing } from './undo';

interface Sent {
  /** What the UPDATE says, as it was then. */
  readonly value: unknown;
  /** What memory held then, and a copy of it. */
  readonly memory: unknown;
  readonly held: unknown;
  /** What was known of the database. */
  readonly known: unknown;
  readonly dirty: boolean;
  readonly forced: boolean;
  /** What the database holds since, if it was returned. */
  returned?: unknown;
}

/** One UPDATE of an instance: what it sends, what comes back, and what is known afterwards. */
export class Write {
  readonly sent = new Map<string, Sent>();
  private readonly made = new Set<string>();
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
      this.made.add(name);
    }
  }

  /** Runs a save of which this is the UPDATE. Hooks see what changes until it has ended. */
  async around<T>(save: () => Promise<T>): Promise<T> {
    const tracking = trackingOf(this.instance);
    const putTimesBack = timesOf(this.instance);
    tracking.saving++;
    try {
      return await save();
    } finally {
      tracking.saving--;
      for (const name of this.made) tracking.forced.delete(name);
      if (this.landed) this.settle();
      else putTimesBack();
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
        forced: !this.made.has(name) && (peek(this.instance)?.forced.has(name) ?? false),
      });
    }
  }

  /** The row is written. What it returns is taken into memory, but where memory has something newer. */
  land(returned: ReadonlyMap<string, unknown>, transaction: Transaction | null | undefined): void {
    this.landed = true;
    const { dataValues } = within(this.instance);
    for (const [name, value] of returned) {
      const sent = this.sent.get(name);
      if (sent) {
        sent.returned = value;
        if (this.isAsSent(name, sent) && !this.isMeant(name, value)) dataValues[name] = copy(value);
      } else {
        const before = { dirty: isChanged(this.instance, name), known: databaseValue(this.instance, name) };
        if (!before.dirty) dataValues[name] = value;
        know(this.instance, name, value);
        undoing(this.instance, name, before, transaction);
      }
    }
    for (const [name, before] of this.sent) undoing(this.instance, name, before, transaction);
  }

  /** What was written, or came back, is what is known. */
  settle(): void {
    for (const [name, sent] of this.sent) know(this.instance, name, 'returned' in sent ? sent.returned : sent.value);
  }

  /** Has the application changed it? What this save forces, it has not. */
  private isDirty(name: string): boolean {
    if (inside(this.instance.constructor)._readOnlyAttributes.has(name)) return false;
    return this.made.has(name) ? isDifferent(this.instance, name) : isChanged(this.instance, name);
  }

  private isAsSent(name: string, { memory, held }: Sent): boolean {
    const now = within(this.instance).dataValues[name];
    return Object.is(now, memory) && (!isMutable(now) || same(typeOf(this.instance, name), now, held));
  }

  /** An object that means the same stays: the application may hold on to it. */
  private isMeant(name: string, value: unknown): boolean {
    const now = within(this.instance).dataValues[name];
    return isMutable(now) && same(typeOf(this.instance, name), now, value);
  }
}

/** Sequelize puts the times into memory before it sends anything. */
export function timesOf(instance: Model): () => void {
  const { _timestampAttributes = {} } = inside(instance.constructor);
  const names = [_timestampAttributes.createdAt, _timestampAttributes.updatedAt].filter((name) => name !== undefined);
  const before = names.map((name) => [name, within(instance).dataValues[name]] as const);
  return () => {
    const { dataValues } = within(instance);
    for (const [name, value] of before) {
      if (value === undefined) delete dataValues[name];
      else dataValues[name] = value;
    }
  };
}
