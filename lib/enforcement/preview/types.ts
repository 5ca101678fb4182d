/** Rows of one table. */
export interface PreviewRows {
  readonly schema: string;
  readonly table: string;
  /** The model of the table, where the instance has one. */
  readonly model: string | null;
  readonly rows: number;
}

/** Rows that a hard delete would remove. */
export interface PreviewRemoval extends PreviewRows {
  /** How many of them are archived already. */
  readonly archived: number;
}

/** Rows for whose sake the database would refuse, and the foreign key that says so. */
export interface PreviewRefusal extends PreviewRows {
  readonly constraint: string;
  readonly columns: readonly string[];
  /**
   * `live child`: the soft delete's own guard; `NOT NULL`: a link that ON DELETE SET NULL cannot cut; `SET DEFAULT`: the
   * default is NULL where it must not be, or refers to no row that stays.
   */
  readonly reason: 'live child' | 'RESTRICT' | 'NO ACTION' | 'NOT NULL' | 'SET DEFAULT';
}

/** Rows that would stay and lose their link. */
export interface PreviewCut extends PreviewRows {
  readonly constraint: string;
  readonly columns: readonly string[];
  readonly becomes: 'NULL' | 'DEFAULT';
}

/** What archiving the row would do. */
export interface SoftPreview {
  /** `nothing`: the row is archived already. `refuse`: nothing changes, because of `refusedBy`. */
  readonly does: 'archive' | 'refuse' | 'nothing';
  /** All rows of `takes`. */
  readonly rows: number;
  /** What goes along, the row itself included; if it is refused, what would have. */
  readonly takes: readonly PreviewRows[];
  readonly refusedBy: readonly PreviewRefusal[];
}

/** What removing the row physically would do, through the hard-delete door. */
export interface HardPreview {
  readonly does: 'remove' | 'refuse';
  readonly rows: number;
  readonly takes: readonly PreviewRemoval[];
  readonly refusedBy: readonly PreviewRefusal[];
  readonly cuts: readonly PreviewCut[];
}

/** What deleting one row would take along. */
export interface DeletePreview {
  readonly model: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly archived: boolean;
  /** `null` for a model that is not soft-deletable. */
  readonly soft: SoftPreview | null;
  readonly hard: HardPreview;
}

/** Rows that keep a row from being restored. */
export interface RestoreRefusal extends PreviewRows {
  /** The foreign key, or the unique index. */
  readonly constraint: string;
  readonly columns: readonly string[];
  /**
   * `archived parent`: so many parents, which do not come back with it. `unique value taken`: so many of the rows that would
   * come back have a value that a live row has by now.
   */
  readonly reason: 'archived parent' | 'unique value taken';
}

/** What restoring a row would do. */
export interface RestorePreview {
  readonly model: string;
  readonly key: Readonly<Record<string, unknown>>;
  /** `nothing`: the row is live. `refuse`: nothing changes, because of `refusedBy`. */
  readonly does: 'restore' | 'refuse' | 'nothing';
  readonly rows: number;
  /** What comes back, the row itself included; if it is refused, what would have. */
  readonly takes: readonly PreviewRows[];
  readonly refusedBy: readonly RestoreRefusal[];
}
