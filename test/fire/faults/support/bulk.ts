import type { Sequelize } from 'sequelize';
import { purge } from '../../../../lib';
import { pruneHistory } from '../../../../lib/history/retention';
import { ARCHIVED_APART, type defineAlbums, ROWS, type TABLES } from './albums';

type Albums = ReturnType<typeof defineAlbums>;

/** Work on many rows, and what the tables hold when it is done. */
export interface Bulk {
  readonly title: string;
  /** SQL that comes before. */
  readonly given: readonly string[];
  readonly work: (models: Albums, sequelize: Sequelize) => Promise<unknown>;
  readonly live: (table: (typeof TABLES)[number]) => number;
  readonly archived: (table: (typeof TABLES)[number]) => number;
  /** Each batch is a transaction of its own: between two of them is not half done. */
  readonly batches?: true;
}

const ARCHIVE = 'DELETE FROM album';
const none = () => 0;
const all = (table: keyof typeof ROWS) => ROWS[table];
const most = (table: keyof typeof ROWS) => ROWS[table] - ARCHIVED_APART[table];
const apart = (table: keyof typeof ROWS) => ARCHIVED_APART[table];

export const BULK: readonly Bulk[] = [
  {
    title: 'archive by destroy({ where })',
    given: [],
    work: ({ Album }) => Album.destroy({ where: {} }),
    live: none,
    archived: all,
  },
  {
    title: 'archive by DELETE',
    given: [],
    work: (_, sequelize) => sequelize.query('DELETE FROM album'),
    live: none,
    archived: all,
  },
  {
    title: 'restore',
    given: [ARCHIVE],
    work: ({ Album }) => Album.restore({ where: {} }),
    live: most,
    archived: apart,
  },
  {
    title: 'hard delete',
    given: [],
    work: ({ Album }) => Album.hardDelete({ where: {} }),
    live: none,
    archived: none,
  },
  {
    title: 'purge',
    given: [ARCHIVE],
    work: ({ Album }, sequelize) => purge(sequelize, Album, { archivedBefore: '0m', batch: 40 }),
    live: none,
    archived: none,
    batches: true,
  },
  {
    title: 'prune of a history',
    given: [ARCHIVE, 'UPDATE album SET _deleted_at = NULL', ARCHIVE],
    work: ({ Album }, sequelize) => pruneHistory(sequelize, { models: [Album], limit: 1, batch: 5 }),
    live: none,
    archived: all,
    batches: true,
  },
];
