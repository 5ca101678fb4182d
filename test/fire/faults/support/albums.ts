import { DataTypes, Model, type Sequelize } from 'sequelize';
import { type Engine, Guitar } from '../../../../lib';
import { Versioned } from '../../../../lib/history/versioned';
import { amount } from '../../support/form';
import { stepsOf } from './stops';

export const ALBUMS = amount(10, 30);
const TRACKS = 10;
const TAKES = 3;
const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });

/** album → track → take by CASCADE keys; albums keep a history. */
export function defineAlbums(sequelize: Sequelize, engine: Engine) {
  const init = (name: string) => ({ sequelize, modelName: name, tableName: name, guitar: { engine } });
  const of = (parent: string) => ({ [parent]: { type: DataTypes.INTEGER, allowNull: false } });
  const index = (name: string, column: string) => ({ ...init(name), indexes: [{ fields: [column] }] });
  class Album extends Versioned(Guitar(Model)) {}
  class Track extends Guitar(Model) {}
  class Take extends Guitar(Model) {}
  Album.init({ id: id(), name: DataTypes.TEXT }, init('album'));
  Track.init({ id: id(), ...of('album_id') }, index('track', 'album_id'));
  Take.init({ id: id(), ...of('track_id') }, index('take', 'track_id'));
  Track.belongsTo(Album, { as: 'album', foreignKey: 'album_id', onDelete: 'CASCADE' });
  Take.belongsTo(Track, { as: 'track', foreignKey: 'track_id', onDelete: 'CASCADE' });
  return { Album, Track, Take };
}

export const TABLES = ['album', 'track', 'take'] as const;

/** Steps at which work on these tables, and on the history, can be made to stand still. */
export const ALBUM_STEPS = [
  ...TABLES.flatMap((table) => stepsOf(table)),
  ...stepsOf('album_history', 'INSERT OR DELETE'),
];

/** All tables as they are at the beginning: every third album has a track that was archived by itself, long ago. */
export const FILL = [
  `BEGIN; SET LOCAL guitars.hard_delete = on; SET LOCAL guitars.edit_history = on;
   TRUNCATE album, track, take, album_history RESTART IDENTITY; COMMIT`,
  `INSERT INTO album (id, name) SELECT n, 'album ' || n FROM generate_series(1, ${ALBUMS}) AS n`,
  `INSERT INTO track (id, album_id) SELECT a * 100 + n, a FROM generate_series(1, ${ALBUMS}) AS a, generate_series(1, ${TRACKS}) AS n`,
  `INSERT INTO take (id, track_id) SELECT track.id * 10 + n, track.id FROM track, generate_series(1, ${TAKES}) AS n`,
  'DELETE FROM track WHERE id % 100 = 5 AND album_id % 3 = 0',
];

const APART = Math.floor(ALBUMS / 3);
/** Rows of each table: all of them, and those that were archived by themselves. */
export const ROWS = { album: ALBUMS, track: ALBUMS * TRACKS, take: ALBUMS * TRACKS * TAKES };
export const ARCHIVED_APART = { album: 0, track: APART, take: APART * TAKES };

/** SQL: what all rows say, times, marks and history included. */
export const DIGEST = `SELECT md5(concat_ws('|', ${[
  ...TABLES.map((table) => `(SELECT string_agg(t::text, ' ' ORDER BY id) FROM ${table} AS t)`),
  `(SELECT string_agg(h::text, ' ' ORDER BY _entry) FROM album_history AS h)`,
].join(', ')})) AS digest`;

/** SQL: how many rows of each table are live, and archived. */
export const COUNTS = TABLES.map(
  (table) => `SELECT '${table}' AS "table", count(*) FILTER (WHERE _deleted_at IS NULL)::int AS live,
    count(_deleted_at)::int AS archived FROM ${table}`,
).join(' UNION ALL ');

/** SQL: each promise that some rows break, with how many. None, in every state that was ever committed. */
export const BROKEN = Object.entries({
  'a live track under an archived album': `track AS c JOIN album AS p ON p.id = c.album_id WHERE c._deleted_at IS NULL AND p._deleted_at IS NOT NULL`,
  'a live take under an archived track': `take AS c JOIN track AS p ON p.id = c.track_id WHERE c._deleted_at IS NULL AND p._deleted_at IS NOT NULL`,
  'a track of no album': 'track AS c LEFT JOIN album AS p ON p.id = c.album_id WHERE p.id IS NULL',
  'a take of no track': 'take AS c LEFT JOIN track AS p ON p.id = c.track_id WHERE p.id IS NULL',
  'an album of which some tracks are gone': `(SELECT album.id FROM album LEFT JOIN track ON album_id = album.id GROUP BY album.id HAVING count(track.id) <> ${TRACKS}) AS x`,
  'a track of which some takes are gone': `(SELECT track.id FROM track LEFT JOIN take ON track_id = track.id GROUP BY track.id HAVING count(take.id) <> ${TAKES}) AS x`,
  'an album that its history does not know as it is': `album AS a WHERE (SELECT (h._version, h._deleted_at, h._operation <> 'delete') FROM album_history AS h
    WHERE h.id = a.id ORDER BY _entry DESC LIMIT 1) IS DISTINCT FROM (a._version, a._deleted_at, true)`,
  'an album that is gone, and its history does not say so': `(SELECT DISTINCT ON (id) * FROM album_history ORDER BY id, _entry DESC) AS h
    WHERE _operation <> 'delete' AND NOT EXISTS (SELECT FROM album AS a WHERE a.id = h.id)`,
  'rows that wait to be archived': 'guitars.archive_queue',
})
  .map(([what, from]) => `SELECT '${what}' AS what, count(*)::int AS n FROM ${from}`)
  .reduce((all, one) => `${all} UNION ALL ${one}`);

/** SQL: what brings about each of them, where no trigger fires and album 1 is archived. */
export const TAMPERINGS: Readonly<Record<string, string>> = {
  'a live track under an archived album': 'UPDATE track SET _deleted_at = NULL WHERE id = 101',
  'a live take under an archived track': 'UPDATE take SET _deleted_at = NULL WHERE track_id = 101',
  'a track of no album': 'UPDATE track SET album_id = 0 WHERE id = 101',
  'a take of no track': 'UPDATE take SET track_id = 0 WHERE track_id = 101',
  'an album of which some tracks are gone': `SET LOCAL guitars.hard_delete = on; DELETE FROM track WHERE id = 102`,
  'a track of which some takes are gone': `SET LOCAL guitars.hard_delete = on; DELETE FROM take WHERE id = 1011`,
  'an album that its history does not know as it is': 'UPDATE album SET _deleted_at = NULL WHERE id = 1',
  'an album that is gone, and its history does not say so': `SET LOCAL guitars.hard_delete = on; DELETE FROM album WHERE id = 1`,
  'rows that wait to be archived': `INSERT INTO guitars.archive_queue VALUES (1, 1, '(0,1)')`,
};
