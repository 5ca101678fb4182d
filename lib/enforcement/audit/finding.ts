import type { Sequelize } from 'sequelize';
import type { AnyModel } from '../../models/capabilities';
import type { Edge } from '../edges';
import type { Plan } from '../plan';
import type { Table } from '../tables';

/** What an audit may find. `docs/commands/audit.md` explains each. */
export type FindingKind =
  | 'no_functions'
  | 'no_table'
  | 'shared_function'
  | 'missing_column'
  | 'missing'
  | 'drifted'
  | 'disabled'
  | 'unexpected'
  | 'unindexed_key'
  | 'unknown_key'
  | 'missing_key'
  | 'key_differs'
  | 'unchecked_key'
  | 'deferrable_key'
  | 'full_unique'
  | 'row_security'
  | 'inheritance'
  | 'open_door'
  | 'born_archived'
  | 'live_orphan'
  | 'dangling_key'
  | 'future_time'
  | 'role'
  | 'captured'
  | 'unproven';

/** Something that is not as the models say, or (a warning) that could be taken advantage of. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: 'error' | 'warning';
  /** The model's name; `*` where it concerns all of them. */
  readonly model: string;
  /** What was found, why it matters, and what to do about it. */
  readonly message: string;
  /** SQL that shows it. */
  readonly query?: string;
  /** SQL or a command that mends it. */
  readonly remedy?: string;
}

/** What an audit found. */
export interface AuditReport {
  /** Nothing was found but warnings. */
  readonly ok: boolean;
  /** Of severity `error`: the database does not enforce what the models say. */
  readonly findings: readonly Finding[];
  /** Of severity `warning`: it does, and this is worth knowing. */
  readonly warnings: readonly Finding[];
}

/** Options of `audit` and `assertEnforced`. */
export interface AuditOptions {
  /** Models to look at. Default: every Dated or SoftDeletable model of the instance. */
  models?: readonly AnyModel[];
  /** Whether to look for rows that break a promise, which reads whole tables. Default: true; of `assertEnforced`: false. */
  rows?: boolean;
  /**
   * Whether to make each object anew on an empty temporary copy of its table, in a transaction that is rolled back, and
   * to compare the two, rather than to trust its comment. Default: true; of `assertEnforced`: false.
   */
  rebuild?: boolean;
}

/** What the checks work with. */
export interface Subject {
  readonly sequelize: Sequelize;
  readonly plan: Plan;
  /** The tables of the models that were asked for, and the keys of these tables. */
  readonly tables: readonly Table[];
  readonly edges: readonly Edge[];
  readonly rebuild: boolean;
}

/** The model of findings that concern all of them. */
export const EVERY = '*';

type Details = Pick<Finding, 'query' | 'remedy'>;

export const failure = (kind: FindingKind, model: string, message: string, details: Details = {}): Finding => {
  return { kind, severity: 'error', model, message, ...details };
};

export const warning = (kind: FindingKind, model: string, message: string, details: Details = {}): Finding => {
  return { kind, severity: 'warning', model, message, ...details };
};
