import { DataTypes, Model, type Sequelize } from 'sequelize';
import {
  assertEnforced,
  audit,
  createUmzug,
  Guitar,
  install,
  purge,
  uninstall,
  withEnforcementSuspended,
  withHardDelete,
  withKeptTimestamps,
} from '../../../../lib';
import { historyStats, pruneHistory, withRevision } from '../../../../lib/history';
import { ignoreTriggers, setConstraints } from '../../../../lib/triggers';
import type { Library } from './models';
import { overHttp } from './overHttp';

/** What a call is made with: rows that the replica has never heard of. */
export interface Ground extends Library {
  readonly sequelize: Sequelize;
  readonly shelf: InstanceType<Library['Shelf']>;
  readonly book: InstanceType<Library['Book']>;
  /** A cursor from before the call. */
  readonly before: string;
}

type Run = (ground: Ground) => Promise<unknown>;

/** A call of ours, and whether it may be answered by a replica: then how it is asked for the write server instead. */
export interface Call {
  readonly reads?: Run | 'always' | undefined;
  readonly run: Run;
}

const writes = (run: Run): Call => ({ run });
const reads = (run: (ground: Ground, how: object) => Promise<unknown>): Call => ({
  reads: (ground) => run(ground, { useMaster: true }),
  run: (ground) => run(ground, {}),
});
const master = { useMaster: true };
const note = ({ sequelize }: Ground) =>
  class Note extends Guitar(Model) {}.init(
    { text: DataTypes.TEXT },
    { sequelize, modelName: 'Note', tableName: 'note' },
  );

/** Every call, by name; what is not a function of the package begins with its method. */
export const CALLS: Readonly<Record<string, Call>> = {
  'destroy of an instance': writes(({ shelf }) => shelf.destroy()),
  'destroy of one that is archived already': writes(async ({ shelf, Shelf }) => {
    await Shelf.destroy({ where: { id: shelf.id } });
    await shelf.destroy();
  }),
  'destroy, where': writes(({ shelf, Shelf }) => Shelf.destroy({ where: { id: shelf.id } })),
  'destroy, individualHooks': writes(async ({ shelf, Shelf }) => {
    if ((await Shelf.destroy({ where: { id: shelf.id }, individualHooks: true })) !== 1) throw new Error('not found');
  }),
  'destroy, limit': writes(({ Shelf }) => Shelf.destroy({ where: {}, limit: 1, order: [['id', 'DESC']] } as never)),
  'restore of an instance': writes(async ({ shelf }) => {
    await shelf.destroy();
    await shelf.restore();
  }),
  'restore, where': writes(({ shelf, Shelf }) => Shelf.restore({ where: { id: shelf.id } })),
  'restore, individualHooks': writes(async ({ shelf, Shelf }) => {
    await shelf.destroy();
    if (((await Shelf.restore({ where: { id: shelf.id }, individualHooks: true } as never)) as unknown) !== 1)
      throw new Error('not found');
  }),
  'hardDelete of an instance': writes(({ shelf }) => shelf.hardDelete()),
  'hardDelete, individualHooks': writes(async ({ book, Book }) => {
    if ((await Book.hardDelete({ where: { id: book.id }, individualHooks: true })) !== 1) throw new Error('not found');
  }),
  'destroy, truncate': writes(({ Book }) => Book.destroy({ truncate: true, force: true })),
  'update of an instance': writes(({ book }) => book.update({ title: 'b' })),
  'upsert, by a unique value': writes(async ({ Book }) => {
    await Book.upsert({ title: 'u', code: 'u' });
    await Book.upsert({ title: 'v', code: 'u' });
  }),
  'bulkCreate, updateOnDuplicate': writes(({ Book }) =>
    Book.bulkCreate([{ title: 'w', code: 'u' }], { updateOnDuplicate: ['title'] }),
  ),
  findOrCreate: writes(({ Book }) => Book.findOrCreate({ where: { code: 'f' }, defaults: { title: 'f' } })),
  increment: writes(({ Book, book }) => Book.increment('shelf_id', { by: 0, where: { id: book.id } })),
  withHardDelete: writes(({ sequelize, book }) =>
    sequelize.transaction((t) =>
      withHardDelete(t, () => sequelize.query(`DELETE FROM book WHERE id = ${book.id}`, { transaction: t })),
    ),
  ),
  withKeptTimestamps: writes(({ sequelize, book }) =>
    sequelize.transaction((t) =>
      withKeptTimestamps(t, () =>
        sequelize.query(`UPDATE book SET _updated_at = '2001-01-01Z' WHERE id = ${book.id}`, { transaction: t }),
      ),
    ),
  ),
  ignoreTriggers: writes(({ sequelize, book }) =>
    sequelize.transaction((transaction) =>
      ignoreTriggers('isbn', { transaction }, () => book.update({ isbn: '2' }, { transaction })),
    ),
  ),
  setConstraints: writes(({ sequelize }) =>
    // None of these can be put off, which is known only when it has looked.
    sequelize.transaction((transaction) => setConstraints('deferred', 'isbn', { transaction })).catch(() => undefined),
  ),
  withRevision: writes(({ sequelize, book }) =>
    withRevision({ actor: 'a' }, async () => {
      await book.update({ title: 'r' });
      await sequelize.query(`UPDATE book SET title = 's' WHERE id = ${book.id}`);
    }),
  ),
  revertTo: writes(async ({ shelf }) => {
    await shelf.update({ name: 'x' });
    await shelf.revertTo(1);
  }),
  revertFields: writes(async ({ shelf }) => {
    await shelf.update({ name: 'x' });
    await shelf.revertFields({ name: 1 });
  }),
  undo: writes(async ({ shelf }) => {
    await shelf.destroy();
    await shelf.undo();
  }),
  undelete: writes(async ({ book, Book }) => {
    await book.hardDelete();
    await Book.undelete(book.id);
  }),
  cursor: writes(({ Shelf }) => Shelf.cursor()),
  changes: writes(({ Shelf, before }) => Shelf.changes(before)),
  'asOf, by a cursor': writes(({ Shelf, before }) => Shelf.asOf(before)),
  'since, by a cursor': writes(({ Shelf, before }) => Shelf.since({ cursor: before }) as unknown as Promise<unknown>),
  previewDestroy: writes(({ shelf }) => shelf.previewDestroy()),
  purge: writes(({ sequelize, Shelf }) => purge(sequelize, Shelf, { archivedBefore: '0m' })),
  'purge, dryRun': writes(({ sequelize, Shelf }) => purge(sequelize, Shelf, { archivedBefore: '0m', dryRun: true })),
  pruneHistory: writes(({ sequelize }) => pruneHistory(sequelize, { keep: '0 days' })),
  historyStats: writes(({ sequelize }) => historyStats(sequelize)),
  install: writes(({ sequelize }) => install(sequelize)),
  uninstall: writes(async ({ sequelize, Book }) => {
    await uninstall(sequelize, { models: [Book as never] });
    await install(sequelize);
  }),
  audit: writes(({ sequelize }) => audit(sequelize)),
  assertEnforced: writes(({ sequelize }) => assertEnforced(sequelize)),
  'sync of a model': writes((ground) => note(ground).sync()),
  'sync, alter': writes((ground) => note(ground).sync({ alter: true })),
  createUmzug: writes(({ sequelize }) => createUmzug(sequelize).up()),
  withEnforcementSuspended: writes(({ sequelize, Shelf }) =>
    withEnforcementSuspended(sequelize.getQueryInterface(), [Shelf as never], (transaction) =>
      sequelize.query('ALTER TABLE shelf ALTER COLUMN name TYPE varchar(99)', { transaction }),
    ),
  ),
  'softDeleteRouter, PATCH': writes(({ Book, book }) => overHttp(Book, 'PATCH', `/${book.id}`, { title: 'p' })),
  'softDeleteRouter, POST': writes(({ Book }) => overHttp(Book, 'POST', '/', { title: 'p' })),
  'softDeleteRouter, DELETE': writes(({ Book, book }) => overHttp(Book, 'DELETE', `/${book.id}`)),
  'softDeleteRouter, POST undo': writes(async ({ Shelf, shelf }) => {
    await shelf.update({ name: 'q' });
    await overHttp(Shelf, 'POST', `/${shelf.id}/undo`, {});
  }),

  'softDeleteRouter, GET': { reads: 'always', run: ({ Book }) => overHttp(Book, 'GET', '/') },
  'live, archives, all': reads(async ({ Shelf }, how) => {
    await Shelf.live.findAll(how);
    await Shelf.archives.findAll(how);
    await Shelf.all.count(how as never);
  }),
  reload: reads(async ({ Shelf }, how) =>
    ((await Shelf.findByPk(1, { ...master, paranoid: false, rejectOnEmpty: true } as never)) as Model).reload(how),
  ),
  byHandle: reads(({ Shelf }, how) => Shelf.byHandle('shelf1', how as never)),
  'since, by a time': reads(({ Shelf }, how) => Shelf.since({ timestamp: 0 }, how) as unknown as Promise<unknown>),
  lastChange: reads(({ Shelf }, how) => Shelf.lastChange(how as never)),
  'asOf, by a time': reads(({ Shelf }, how) => Shelf.asOf(new Date(), how)),
  countAsOf: reads(({ Shelf }, how) => Shelf.countAsOf(new Date(), how as never)),
  historyOf: reads(({ Shelf }, how) => Shelf.historyOf(1, how)),
  versions: reads(({ shelf }, how) => shelf.versions(how)),
  version: reads(({ shelf }, how) => shelf.version(1, how)),
  diff: reads(async ({ Shelf }, how) =>
    (
      (await Shelf.findByPk(1, { ...master, paranoid: false, rejectOnEmpty: true } as never)) as InstanceType<
        Library['Shelf']
      >
    ).diff(1, 1, how),
  ),
};
