import { expect } from 'chai';
import pg from 'pg';
import { DataTypes, Model, Sequelize } from 'sequelize';
import { audit, Guitar, GuitarsError, install, purge, uninstall } from '../../../lib';
import { historyStats, pruneHistory } from '../../../lib/history';
import { useApplication } from '../../cli/application';
import { refusal, sqlstate } from '../../contract/world';
import type { TestDatabase } from '../../support/database';
import { Random } from '../../support/random';
import { amount, figures, LONG, SEED } from '../support/form';
import { brokenPromises } from './support/integrity';
import { defineLibrary, type Library } from './support/models';
import { type Pair, startPair } from './support/standby';
import { lost, shelvesOn, Writer } from './support/writers';

const ACKNOWLEDGED = amount(150, 5000, 'GUITARS_STANDBY_OPERATIONS');
const WRITERS = 6;
/** What the commands load: a table of their own. */
const MODELS = `class Note extends Guitar(Model) {}
Note.init({ text: DataTypes.TEXT }, { sequelize, modelName: 'Note', tableName: 'note' });`;

describe('a streaming standby', () => {
  let pair: Pair;
  let onPrimary: string;
  let onStandby: string;
  const opened: { close(): Promise<void> }[] = [];
  const pool = (url: string) => {
    const sequelize = new Sequelize(url, { logging: false });
    opened.push(sequelize);
    return sequelize;
  };
  const client = async (url: string) => {
    const made = new pg.Client({ connectionString: url });
    made.on('error', () => {});
    await made.connect();
    opened.push({ close: () => made.end() });
    return made;
  };
  const app = useApplication({
    get url() {
      return onStandby;
    },
  } as TestDatabase);

  before(async () => {
    pair = await startPair(async (primary) => {
      onPrimary = primary.url(await primary.createDatabase('library'));
      const sequelize = new Sequelize(onPrimary, { logging: false });
      defineLibrary(sequelize);
      class Note extends Guitar(Model) {}
      Note.init({ text: DataTypes.TEXT }, { sequelize, modelName: 'Note', tableName: 'note' });
      await sequelize.sync();
      await Note.create({ text: 'a' } as never);
      await sequelize.close();
    });
    onStandby = pair.onStandby(onPrimary);
  });
  after(async () => {
    await Promise.allSettled(opened.map((each) => each.close()));
    await pair?.release();
  });

  it('answers what reads, and refuses what writes', async () => {
    const there = defineLibrary(pool(onPrimary));
    const shelf = await there.Shelf.create({ name: 'first' });
    const book = await there.Book.create({ title: 'a', shelf_id: shelf.id });
    await shelf.update({ name: 'second' });
    const moment = new Date();
    await shelf.destroy();
    await pair.caughtUp();

    const sequelize = pool(onStandby);
    const { Shelf, Book } = defineLibrary(sequelize);
    expect([await Shelf.count(), await Shelf.archives.count(), await Book.all.count()]).to.deep.equal([0, 1, 1]);
    expect((await Shelf.asOf(moment)).map(({ name }) => name)).to.deep.equal(['second']);
    expect(await Shelf.countAsOf(moment)).to.equal(1);
    const found = (await Shelf.archives.findByPk(shelf.id)) as InstanceType<Library['Shelf']>;
    expect((await found.versions()).map(({ operation }) => operation)).to.deep.equal(['insert', 'update', 'archive']);
    expect(Object.keys(await found.diff(1, 2))).to.deep.equal(['name']);
    expect((await Shelf.since({ timestamp: 0 }, { deleted: true })).length).to.equal(1);
    expect((await Shelf.byHandle(found.handle as string))?.id ?? null).to.equal(null);
    expect((await found.previewDestroy()).hard.rows).to.equal(2);
    expect(
      (await purge(sequelize, Shelf, { archivedBefore: '0m', dryRun: true })).tables.map(({ rows }) => rows),
    ).to.deep.equal([1, 1]);
    expect((await pruneHistory(sequelize, { keep: '0 days', dryRun: true })).dryRun).to.equal(true);
    expect((await historyStats(sequelize)).length).to.equal(2);
    expect((await audit(sequelize)).findings.map(({ message }) => message)).to.deep.equal([]);

    for (const ask of [Shelf.cursor(), Shelf.changes()]) {
      const error = await refusal(ask);
      expect(error).to.be.instanceOf(GuitarsError);
      expect(error.message).to.include('the server is a standby');
    }
    for (const write of [
      () => found.restore(),
      () => Book.destroy({ where: { id: book.id } }),
      () => found.hardDelete(),
      () => found.undo(),
      () => Shelf.create({ name: 'b' }),
      () => purge(sequelize, Shelf, { archivedBefore: '0m' }),
      () => uninstall(sequelize, { models: [Shelf, Book] as never }),
    ])
      expect(await stateOf(write), String(write)).to.equal('25006');
  });

  // Each starts a process: for the long form.
  const long = LONG ? it : () => {};
  long('serves the commands that read', async () => {
    app.models(MODELS);
    const commands = [
      ['ls'],
      ['graph'],
      ['audit'],
      ['preview', 'delete', 'Note', '1'],
      ['install'],
      ['migrate', 'status'],
    ];
    const runs = await Promise.all(commands.map((command) => app.guitars(...command)));
    for (const [n, { code, out, err }] of runs.entries()) expect(code, `${commands[n]}: ${out} ${err}`).to.equal(0);
    const { code, err } = await app.guitars('uninstall', '--yes');
    expect(code).not.to.equal(0);
    expect(err).to.include('read-only');
  });

  it('is promoted while all write: nothing that was acknowledged is lost, and the database goes on enforcing', async () => {
    const seed = SEED ?? Date.now() % 2 ** 31;
    const writers = await Promise.all(
      Array.from({ length: WRITERS }, (_, n) => Writer.open(onPrimary, new Random(seed + n))),
    );
    opened.push(...writers);
    const total = () => writers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
    const { Shelf: before } = defineLibrary(pool(onPrimary));
    const cursor = await before.cursor();
    let all: Promise<unknown> = Promise.resolve();
    const enough = new Promise<void>((resolve) => {
      const tell = () => total() >= ACKNOWLEDGED && resolve();
      all = Promise.all(writers.map((writer) => writer.write(tell)));
    });
    await Promise.race([all, enough]);
    await pair.failOver();
    await all;
    expect(total()).to.be.at.least(ACKNOWLEDGED);

    const raw = await client(onStandby);
    const found = await shelvesOn(raw);
    expect(lost(writers, found), `seed ${seed}`).to.deep.equal([]);
    expect(lost(writers, new Map()), 'a server that has lost all would be found out').not.to.deep.equal([]);
    expect(await brokenPromises(raw), `seed ${seed}`).to.deep.equal({});
    const sequelize = pool(onStandby);
    const models = defineLibrary(sequelize);
    expect((await audit(sequelize)).findings).to.deep.equal([]);
    expect((await install(sequelize)).installed).to.deep.equal([]);
    await enforces(raw);
    const restored = await exact(models, writers, raw);
    const { ahead } = await onward(models, raw, cursor);
    figures('replicas-standby', {
      seed,
      writers: WRITERS,
      acknowledged: total(),
      shelves: found.size,
      unanswered: writers.flatMap(({ shelves }) => [...shelves.values()]).filter(({ pending }) => pending).length,
      lost: 0,
      restoredExactly: restored,
      sequenceAheadBy: ahead,
    });
  });

  /** Deletes archive, times cannot be forged, nothing is linked to what is archived. */
  async function enforces(raw: pg.Client): Promise<void> {
    const { rows } = await raw.query(`INSERT INTO shelf (name) VALUES ('new') RETURNING id`);
    const id = rows[0].id;
    await raw.query(`INSERT INTO book (title, shelf_id) VALUES ('1', $1)`, [id]);
    await raw.query('DELETE FROM shelf WHERE id = $1', [id]);
    expect(await sqlstate(raw.query(`INSERT INTO book (title, shelf_id) VALUES ('2', $1)`, [id]))).to.equal('23503');
    expect(await sqlstate(raw.query('UPDATE book SET _deleted_at = NULL WHERE shelf_id = $1', [id]))).to.equal('23503');
    expect(await sqlstate(raw.query('TRUNCATE shelf CASCADE'))).to.equal('23001');
    await raw.query(
      `UPDATE shelf SET _updated_at = '1999-01-01Z', _created_at = '1999-01-01Z', _deleted_at = '1999-01-01Z' WHERE id = $1`,
      [id],
    );
    const times = await raw.query(
      `SELECT least(_created_at, _updated_at, _deleted_at) > '2001-01-01' AS honest FROM shelf WHERE id = $1`,
      [id],
    );
    expect(times.rows).to.deep.equal([{ honest: true }]);
  }

  /** R1 across the promotion: a shelf that was archived before it comes back as it was then. */
  async function exact(models: Library, writers: readonly Writer[], raw: pg.Client): Promise<number> {
    const archived = writers
      .flatMap(({ shelves }) => [...shelves.values()])
      .filter(({ acknowledged, pending }) => acknowledged.startsWith('archived') && !pending);
    for (const { id } of archived) expect(await models.Shelf.restore({ where: { id } })).to.equal(1);
    const after = await shelvesOn(raw);
    for (const { id, apart } of archived)
      expect(after.get(id)).to.equal(apart ? 'live live archived' : 'live live live');
    return archived.length;
  }

  /** Keys and entries go on behind those that are there; a cursor from before is refused, and a new one misses nothing. */
  async function onward({ Shelf }: Library, raw: pg.Client, cursor: string): Promise<{ ahead: number }> {
    const highest = async () => Number((await raw.query('SELECT max(id) AS n FROM shelf_history')).rows[0].n);
    const before = await highest();
    expect((await refusal(Shelf.changes(cursor))).name).to.equal('CursorError');
    const fresh = await Shelf.cursor();
    const shelf = await Shelf.create({ name: 'after' });
    expect(shelf.id).to.be.greaterThan(before);
    expect((await Shelf.changes(fresh)).rows.map(({ key }) => key.id)).to.deep.equal([shelf.id]);
    const { rows } = await raw.query('SELECT count(*)::int AS n FROM shelf_history');
    let told = 0;
    for (let at: string | undefined; ; ) {
      const page = await Shelf.changes(at);
      told += page.rows.length;
      at = page.cursor;
      if (!page.more) break;
    }
    expect(told).to.equal(rows[0].n);
    return { ahead: shelf.id - before - 1 };
  }
});

async function stateOf(write: () => PromiseLike<unknown>): Promise<string | undefined> {
  const error = (await refusal(write())) as { parent?: { code?: string }; cause?: { parent?: { code?: string } } };
  return error.parent?.code ?? error.cause?.parent?.code;
}
