/** The schema that holds the library's functions and bookkeeping. */
export const SCHEMA = 'guitars';

/**
 * Names of the triggers and rules on a user's table. PostgreSQL fires triggers of one kind in the order of their
 * names, and that order matters here: the lock before the stamp, that before
 * moddatetime (whose new tuple would have to be taken apart again), the cascade after what it is not to believe and before the check of the parents (a
 * restored cycle is whole before it is judged), the note of a move last (nobody may stop the row after it).
 */
export const TRIGGERS = {
  archive: 'guitars_archive',
  archiveCascaded: 'guitars_archive_cascaded',
  archiveFlush: 'guitars_archive_flush',
  byClient: 'guitars_by_client',
  bypass: 'guitars_bypass',
  bypassCascaded: 'guitars_bypass_cascaded',
  cascade: 'guitars_cascade',
  fill: 'guitars_fill',
  historyGuard: 'guitars_history_guard',
  historyOfDelete: 'guitars_history_delete',
  historyOfInsert: 'guitars_history_insert',
  historyOfKey: 'guitars_history_key',
  historyOfTruncate: 'guitars_history_truncate',
  historyOfUpdate: 'guitars_history_update',
  lock: 'guitars_lock',
  move: 'guitars_zz_move',
  moveForgotten: 'guitars_move_forgotten',
  moveRefused: 'guitars_move_refused',
  moveOfParent: 'guitars_move_of_parent',
  moveStayed: 'guitars_move_stayed',
  parentsOnInsert: 'guitars_parents_insert',
  parentsOnUpdate: 'guitars_parents_update',
  revision: 'guitars_revision',
  role: 'guitars_role',
  roleOfRow: 'guitars_role_row',
  stamp: 'guitars_stamp',
  stampModdatetime: 'guitars_stamp_moddatetime',
  truncate: 'guitars_truncate',
  version: 'guitars_version',
} as const;

/**
 * What the names of declared triggers begin with. `_` sorts before the letters, so one that changes the row comes before
 * those of ours that stamp it. A DELETE's comes after the one that turns it into a soft delete.
 */
export const DECLARED = { changes: 'guitars__', deletes: 'guitars_declared_' } as const;

/** The ON DELETE rule of the `rule` engine. */
export const RULE = 'guitars_soft_delete';

/** The advisory lock that installers take, so that two of them never write the same catalog rows at once. */
export const INSTALL_LOCK = 'guitars.install';
