import type { Table } from '../enforcement/tables';
import type { Facts } from './facts';
import type { Session } from './session';

/** How far a step has come that takes time. */
export interface Bar {
  advance(by: number): void;
  stop(): void;
}

/** One step of an adoption. The catalog says whether it is done: nothing else remembers. */
export interface Step {
  readonly title: string;
  /** What it sends, for people to read. */
  readonly sql: readonly string[];
  done(): Promise<boolean>;
  run(): Promise<void>;
}

/** What the steps of one table work with. */
export interface Site {
  readonly session: Session;
  readonly table: Table;
  /** The table as it was when the steps were listed. */
  readonly facts: Facts;
  /** Old column → our column. */
  readonly renames: ReadonlyMap<string, string>;
  readonly batch: number;
  readonly bar: (title: string, total: number) => Bar;
}
