import { expect } from 'chai';
import { DataTypes, Model, QueryTypes, Transaction } from 'sequelize';
import { Guitar, Tracked } from '../../lib';
import { Versioned } from '../../lib/history/versioned';
import { refusal, wipe } from '../contract/world';
import { useDatabase } from '../support/database';
import { defineAuthors } from './pastWorld';
import { ATTRIBUTES, useHistory } from './world';

describe('history: the way back', () => {
  const { article, query, db } = useHistory();

  it('revertTo: all that history keeps but the key, the version and the times, as a new version', async () => {
    const Article = await article({ exclude: ['secret'] });
    const one = await Article.create({ title: 'a', meta: { n: 1 }, secret: 's' });
    await one.update({ title: 'b', meta: { n: 2 } });
    await one.update({ meta: null, secret: 't' });
    const { createdAt } = one;
    expect(await one.revertTo(1)).to.equal(one);
    expect(one.get()).to.deep.include({
      title: 'a',
      meta: { n: 1 },
      secret: 't',
      _version: 4,
      createdAt,
      deletedAt: null,
    });
    expect(one.changed()).to.equal(false);
    const second = await one.version(2);
    await one.revertTo(second as never);
    expect([one.title, one.meta, one._version]).to.deep.equal(['b', { n: 2 }, 5]);
    await one.reload();
    expect([one.title, one.meta, one.secret, one._version]).to.deep.equal(['b', { n: 2 }, 't', 5]);
    await one.revertTo(2);
    expect(one._version).to.equal(5);
    expect((await one.versions()).map(({ operation }) => operation)).to.deep.equal(
      Array(5).fill('update').fill('insert', 0, 1),
    );
  });

  it('neither archives nor restores', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    await one.update({ title: 'b' });
    await one.destroy();
    await one.revertTo(1);
    expect([one.title, one.isDeleted]).to.deep.equal(['a', true]);
    await one.restore();
    await one.revertTo(3);
    expect([one.title, one.isDeleted]).to.deep.equal(['b', false]);
  });

  it('what is generated is left to the database; an identity that always is comes back', async () => {
    const generated = 'TEXT GENERATED ALWAYS AS (upper(title)) STORED';
    const Article = await article({}, { attributes: { ...ATTRIBUTES(), up: { type: generated, field: 'UP' } } });
    const one = await Article.create({ title: 'a' });
    const read = () => [one.title, one.get('up' as never)];
    await one.update({ title: 'b' });
    await one.revertTo(1);
    expect(read()).to.deep.equal(['a', 'A']);
    await one.undo();
    expect(read()).to.deep.equal(['b', 'B']);
    expect((await refusal(one.revertFields({ up: 1 } as never))).message).to.match(/"up" is none that can be put back/);
    await one.hardDelete();
    const back = await Article.undelete(one.id);
    expect([back.id, back.title, back.get('up' as never)]).to.deep.equal([one.id, 'b', 'B']);

    const id = { type: 'INTEGER GENERATED ALWAYS AS IDENTITY', primaryKey: true, autoIncrement: false };
    const title = { type: DataTypes.TEXT, field: 'the VALUES' };
    const Identified = await article({}, { attributes: { id, title } });
    await query(`INSERT INTO ${Identified.table} ("the VALUES") VALUES ('x'), ('y')`);
    const second = (await Identified.findByPk(2)) as InstanceType<typeof Identified>;
    await second.update({ title: 'z' });
    await second.undo();
    await second.hardDelete();
    const again = await Identified.undelete(2);
    expect([again.id, again.title, (await again.versions()).length]).to.deep.equal([2, 'y', 1]);
  });

  it('what JavaScript cannot hold comes back as it was', async () => {
    const Article = await article(
      {},
      {
        base: Model,
        attributes: {
          id: { type: DataTypes.INTEGER, primaryKey: true },
          at: DataTypes.DATE,
          meta: DataTypes.JSONB,
        },
        init: { timestamps: false },
      },
    );
    const read = async () =>
      (await db.sequelize.query(`SELECT at::text, meta::text FROM ${Article.table}`, { type: QueryTypes.SELECT }))[0];
    await query(
      `INSERT INTO ${Article.table} VALUES (1, '2031-05-01 10:00:00.123456Z', '{"n": 12345678901234567890.5}')`,
    );
    const first = await read();
    const one = (await Article.findByPk(1)) as InstanceType<typeof Article>;
    await query(
      `UPDATE ${Article.table} SET at = '2031-05-01 10:00:00.123999Z', meta = '{"n": 12345678901234567891.5}'`,
    );
    await one.revertTo(1);
    expect(await read()).to.deep.equal(first);
    await one.undo();
    expect(one._version).to.equal(4);
    expect(await read()).not.to.deep.equal(first);
    await one.hardDelete?.();
    await one.destroy();
    await Article.undelete(1);
    expect(await read()).not.to.deep.equal(first);
    await ((await Article.findByPk(1)) as typeof one).revertTo(1);
    expect(await read()).to.deep.equal(first);
  });

  it('as a save: validation and hooks, of which the last word is the hook’s; another’s unsaved values stay unsaved', async () => {
    const Article = await article(
      { exclude: ['secret'] },
      {
        attributes: {
          ...ATTRIBUTES(),
          title: {
            type: DataTypes.TEXT,
            set(this: Model, value: string) {
              this.setDataValue('title', `set ${value}`);
            },
          },
        },
      },
    );
    const one = await Article.create({ title: 'a', meta: { n: 1 } });
    await one.update({ title: 'b', meta: { n: 2 } });
    const seen: unknown[] = [];
    Article.addHook('beforeUpdate', 'see', (instance: Model) => {
      seen.push([instance.changed(), instance.previous('title' as never)]);
      if (instance.changed('meta' as never)) instance.set('meta' as never, { n: 'hook' } as never);
    });
    one.secret = 'unsaved';
    one.title = 'lost';
    await one.revertTo(1);
    expect(seen).to.deep.equal([[['secret', 'title', 'meta'], 'set b']]);
    expect([one.title, one.meta, one.secret, one.changed()]).to.deep.equal([
      'set a',
      { n: 'hook' },
      'unsaved',
      ['secret'],
    ]);
    await one.reload();
    expect([one.title, one.meta, one.secret]).to.deep.equal(['set a', { n: 'hook' }, null]);
    await one.revertTo(1, { hooks: false });
    expect([one.meta, seen.length]).to.deep.equal([{ n: 1 }, 1]);
  });

  it('what fails changes nothing, in memory neither', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    await one.update({ title: 'b' });
    one.title = 'mine';
    Article.addHook('beforeUpdate', 'no', () => {
      throw new Error('no');
    });
    expect((await refusal(one.revertTo(1))).message).to.equal('no');
    expect([one.title, one.changed(), one.previous('title')]).to.deep.equal(['mine', ['title'], 'b']);
    Article.removeHook('beforeUpdate', 'no');
    await query(`ALTER TABLE ${Article.table} ADD CHECK (title <> 'a') NOT VALID`);
    expect((await refusal(one.revertTo(1))).name).to.equal('SequelizeDatabaseError');
    expect([one.title, one.changed(), one._version]).to.deep.equal(['mine', ['title'], 2]);
    expect(await one.versions()).to.have.length(2);
  });

  it('refuses what is none of its versions, and rows that are gone', async () => {
    const Article = await article();
    const Other = await article();
    const one = await Article.create({ title: 'a' });
    const other = await Article.create({ title: 'b' });
    const alien = await Other.create({ title: 'c' });
    for (const version of [await other.version(1), await alien.version(1)]) {
      const error = await refusal(one.revertTo(version as never));
      expect([error.name, error.message]).to.deep.equal([
        'DefinitionError',
        `${Article.name} 1: the version is one of ${version === null ? '' : (version.instance.constructor as typeof Model).name} ${version?.values.id}. Pass one of the row's own.`,
      ]);
    }
    const missing = await refusal(one.revertTo(5));
    expect([missing.name, missing.message]).to.deep.equal([
      'HistoryError',
      `${Article.name} 1: its history holds no version 5. versions() lists those that there are.`,
    ]);
    expect((await refusal(one.revertTo('x' as never))).name).to.equal('DefinitionError');
    await one.hardDelete();
    const gone = await refusal(one.revertTo(1));
    expect([gone.name, gone.message]).to.match(/HistoryError.*undelete\(key\)/);
  });

  it('revertFields: each from its own version', async () => {
    const Article = await article({ exclude: ['secret'] });
    const one = await Article.create({ title: 'a', meta: { n: 1 } });
    await one.update({ title: 'b', meta: { n: 2 } });
    await one.update({ title: 'c', meta: { n: 3 } });
    await one.revertFields({ title: 1, meta: (await one.version(2)) as never });
    expect([one.title, one.meta, one._version]).to.deep.equal(['a', { n: 2 }, 4]);
    for (const [name, why] of [
      ['secret', 'is not kept by its history'],
      ['createdAt', 'is none that can be put back'],
      ['id', 'is none that can be put back'],
      ['nonsense', 'is no attribute of it'],
    ]) {
      const { message } = await refusal(one.revertFields({ [name as string]: 1 }));
      expect(message).to.equal(`${Article.name}.revertFields(): "${name}" ${why}. Use some of: title, meta.`);
    }
    expect((await refusal(one.revertFields(['title'] as never))).message).to.match(/as \{ title: 3 \}/);
  });

  it('undo: of an update, an archive, a restore; and of itself', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    await one.update({ title: 'b', meta: { n: 1 } });
    expect(await one.undo()).to.equal(one);
    expect([one.title, one.meta, one._version]).to.deep.equal(['a', null, 3]);
    await one.undo();
    expect([one.title, one.meta, one._version]).to.deep.equal(['b', { n: 1 }, 4]);
    await one.destroy();
    await one.undo();
    expect([one.isDeleted, one._version]).to.deep.equal([false, 6]);
    await one.undo();
    expect([one.isDeleted, one._version]).to.deep.equal([true, 7]);
    expect((await one.versions()).map(({ operation }) => operation).slice(-3)).to.deep.equal([
      'archive',
      'restore',
      'archive',
    ]);
    const fresh = await Article.create({ title: 'x' });
    const error = await refusal(fresh.undo());
    expect([error.name, error.message]).to.deep.equal([
      'HistoryError',
      `${Article.name} ${fresh.id}: what it was before version 1 (insert) is not known. revertTo() puts back what is; destroy() takes back that it is there.`,
    ]);
  });

  it('undo: of Sequelize’s own paranoid model; not of what was filtered, nor of what the instance has not seen', async () => {
    const Article = await article({ filter: ['secret'] }, { base: Model, init: { paranoid: true, timestamps: true } });
    const one = await Article.create({ title: 'a' });
    await one.destroy();
    await one.undo();
    expect([await Article.count(), one._version]).to.deep.equal([1, 3]);
    await one.undo();
    expect(await Article.count()).to.equal(0);
    await one.undo();
    await one.update({ secret: 's', title: 'b' });
    expect((await refusal(one.undo())).message).to.match(/changed "secret", of which history keeps no value/);
    await Article.update({ title: 'other' }, { where: {} });
    const error = await refusal(one.undo());
    expect(error.name).to.equal('HistoryError');
    expect(error.message).to.match(/it was written since it was read, in version \d; it is version \d/);
    await one.reload();
    await one.undo();
    expect(one.title).to.equal('b');
  });

  it('in the caller’s transaction, and back with it', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    await one.update({ title: 'b' });
    const transaction = await db.sequelize.transaction();
    await one.revertTo(1, { transaction });
    expect((await Article.findByPk(one.id))?.title).to.equal('b');
    await transaction.rollback();
    expect((await Article.findByPk(one.id))?.title).to.equal('b');
    expect(await one.versions()).to.have.length(2);
  });

  it('writers between reading and writing wait', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a', meta: { n: 0 } });
    await one.update({ title: 'b' });
    const client = await db.client();
    await client.query('BEGIN');
    await client.query(`UPDATE ${Article.table} SET meta = '{"n": 1}', title = 'theirs'`);
    let ended = false;
    const undone = refusal(one.undo()).then((error) => {
      ended = true;
      return error;
    });
    const stale = Article.findByPk(one.id).then((found) => found?.revertTo(1));
    await waiting(2);
    expect(ended).to.equal(false);
    await client.query('COMMIT');
    // The one has not seen what it would undo; the other puts back what is different now, theirs included.
    expect((await undone).message).to.match(/written since it was read, in version 2; it is version 3/);
    await stale;
    await one.reload();
    expect([one.title, one.meta, one._version]).to.deep.equal(['a', { n: 0 }, 4]);
    const isolationLevel = Transaction.ISOLATION_LEVELS.REPEATABLE_READ;
    const transaction = await db.sequelize.transaction({ isolationLevel });
    await Article.findAll({ transaction });
    await client.query(`UPDATE ${Article.table} SET title = 'theirs'`);
    const error = await refusal(one.revertTo(2, { transaction }));
    await transaction.rollback();
    expect(error.parent?.code).to.equal('40001');
  });

  /** Until so many connections wait for a lock. */
  async function waiting(many: number): Promise<void> {
    for (;;) {
      const [row] = await db.sequelize.query<{ n: string }>(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        { type: QueryTypes.SELECT },
      );
      if (Number(row?.n) >= many) return;
    }
  }

  it('optimistic locking: an instance that is behind is refused', async () => {
    const Article = await article({}, { init: { version: true } });
    const one = await Article.create({ title: 'a' });
    await one.update({ title: 'b' });
    const stale = (await Article.findByPk(one.id)) as typeof one;
    await one.revertTo(1);
    expect([one.title, one._version]).to.deep.equal(['a', 3]);
    expect((await refusal(stale.revertTo(2))).name).to.equal('SequelizeOptimisticLockError');
    expect([stale.title, stale._version]).to.deep.equal(['b', 2]);
    await stale.reload();
    await stale.revertTo(2);
    expect(stale._version).to.equal(4);
    expect((await refusal(one.revertTo(1))).name).to.equal('SequelizeOptimisticLockError');
  });

  it('a column that was not there then, and is never null, is left alone', async () => {
    const Article = await article();
    const one = await Article.create({ title: 'a' });
    await query(`ALTER TABLE ${Article.table} ADD COLUMN extra integer NOT NULL DEFAULT 7`);
    await query(`ALTER TABLE ${Article.table}_history ADD COLUMN extra integer`);
    class Later extends Versioned(Guitar(Model)) {
      declare title: string;
      declare extra: number;
    }
    const extra = { type: DataTypes.INTEGER, allowNull: false };
    Later.init({ ...ATTRIBUTES(), extra }, { sequelize: db.connect(), modelName: 'l', tableName: Article.table });
    const later = (await Later.findByPk(one.id)) as Later;
    await later.update({ title: 'b' });
    await later.revertTo(1);
    expect([later.title, later.extra]).to.deep.equal(['a', 7]);
  });

  it('beside Tracked: versions by attribute go back in history, names to what was read', async () => {
    for (const base of [Tracked(Model), Guitar(Tracked(Model))]) {
      const Made = await article({}, { base });
      const Outer = await outer();
      for (const Model of [Made, Outer] as unknown as ReturnType<typeof tracked>[]) {
        const one = await Model.create({ title: 'a', meta: { n: 1 } });
        await one.update({ title: 'b' });
        one.title = 'unsaved';
        expect(one.revertFields(['title'])).to.equal(one);
        expect(one.title).to.equal('b');
        one.meta = { n: 2 };
        expect(await one.revertFields({ title: 1 })).to.equal(one);
        expect([one.title, one.changedFields]).to.deep.equal(['a', ['meta']]);
        expect(one.revertFields().meta).to.deep.equal({ n: 1 });
        await one.undo();
        expect([one.title, one.hasChanged()]).to.deep.equal(['b', false]);
      }
    }
    async function outer() {
      const Outer = class extends tracked() {};
      const name = `outer_${Math.random().toString(36).slice(2)}`;
      Outer.init(ATTRIBUTES() as never, { sequelize: db.sequelize, modelName: name, tableName: name });
      await Outer.sync();
      return Outer;
    }
    function tracked() {
      class Both extends Tracked(Versioned(Model)) {
        declare title: string;
        declare meta: { n: number } | null;
      }
      return Both;
    }
  });
});

describe('history: undelete, and parents', () => {
  const db = useDatabase();
  let models: ReturnType<typeof defineAuthors>;
  before(async () => {
    models = defineAuthors(db.sequelize);
    await db.sequelize.sync();
  });
  afterEach(() => wipe(db.sequelize));

  it('the last known row is inserted again: its key, its createdAt, the next version', async () => {
    const { Article } = models;
    const one = await Article.create({ title: 'a' });
    await one.update({ title: 'b', rank: 5 });
    const read = async () =>
      (
        await db.sequelize.query(`SELECT _created_at::text, _updated_at::text FROM article`, {
          type: QueryTypes.SELECT,
        })
      )[0];
    const before = (await read()) as Record<string, string>;
    await one.hardDelete();
    const seen: string[] = [];
    Article.addHook('beforeCreate', 'see', (made: Model) => {
      seen.push(String(made.get('title')));
    });
    const back = await Article.undelete(one.id);
    Article.removeHook('beforeCreate', 'see');
    expect(back.get()).to.deep.include({ id: one.id, title: 'b', rank: 5, _version: 3, deletedAt: null });
    expect([back.isNewRecord, back.changed(), seen]).to.deep.equal([false, false, ['b']]);
    const after = (await read()) as Record<string, string>;
    expect(after._created_at).to.equal(before._created_at);
    expect(after._updated_at).not.to.equal(before._updated_at);
    await back.update({ title: 'c' });
    expect((await back.versions()).map(({ number, operation }) => `${operation} ${number}`)).to.deep.equal([
      'insert 3',
      'update 4',
    ]);
    expect((await back.version(1))?.values.title).to.equal('a');
    await back.revertTo(1);
    expect([back.title, back._version]).to.deep.equal(['a', 5]);
  });

  it('one that was archived comes back archived', async () => {
    const { Article } = models;
    const one = await Article.create({ title: 'a' });
    await one.destroy();
    await one.hardDelete();
    const back = await Article.undelete(one.id);
    expect(back.isDeleted).to.equal(true);
    expect(back.deletedAt).to.deep.equal(one.deletedAt);
    await back.restore();
    expect(await Article.count()).to.equal(1);
  });

  it('refuses a row that is there, or was never known, and what is taken', async () => {
    const { Article } = models;
    const one = await Article.create({ title: 'a' });
    expect((await refusal(Article.undelete(one.id))).message).to.match(/the row is there/);
    await one.destroy();
    expect((await refusal(Article.undelete(one.id))).message).to.match(/restore\(\) brings back/);
    const unknown = await refusal(Article.undelete(99));
    expect([unknown.name, unknown.message]).to.deep.equal([
      'HistoryError',
      'article 99: its history holds nothing of it.',
    ]);
    await db.sequelize.query('CREATE UNIQUE INDEX one_word ON tag (word)');
    const { Tag } = models;
    const tag = await Tag.create({ word: 'x' });
    await tag.destroy();
    await Tag.create({ word: 'x' });
    expect((await refusal(Tag.undelete(tag.id))).name).to.equal('SequelizeUniqueConstraintError');
    const back = await Tag.undelete(tag.id, { values: { word: 'y' } });
    expect([back.word, back._version]).to.deep.equal(['y', 2]);
  });

  it('is refused under a parent that is archived or gone; so is going back to one', async () => {
    const { Author, Article } = models;
    const [ann, bob] = (await Author.bulkCreate([{ name: 'ann' }, { name: 'bob' }])) as [never, never] as InstanceType<
      typeof Author
    >[] as [InstanceType<typeof Author>, InstanceType<typeof Author>];
    const one = await Article.create({ title: 'a', author_id: ann.id });
    await one.update({ author_id: bob.id });
    await ann.destroy();
    for (const work of [() => one.revertTo(1), () => one.revertFields({ author_id: 1 }), () => one.undo()]) {
      const error = await refusal(work());
      expect([error.name, error.parent?.code]).to.deep.equal(['SequelizeForeignKeyConstraintError', '23503']);
      expect([one.author_id, one.changed()]).to.deep.equal([bob.id, false]);
    }
    const two = await Article.create({ title: 'b', author_id: bob.id });
    await two.hardDelete();
    await bob.destroy();
    expect((await refusal(Article.undelete(two.id))).name).to.equal('SequelizeForeignKeyConstraintError');
    await bob.hardDelete();
    expect((await refusal(Article.undelete(two.id))).name).to.equal('SequelizeForeignKeyConstraintError');
    expect((await Article.undelete(two.id, { values: { author_id: null } })).author_id).to.equal(null);
    // A row under an archived parent is archived itself, which undo() cannot take back.
    const eve = await Author.create({ name: 'eve' });
    const three = await Article.create({ title: 'c', author_id: eve.id });
    await eve.destroy();
    await three.reload();
    expect((await refusal(three.undo())).name).to.equal('SequelizeForeignKeyConstraintError');
  });

  it('in a transaction, a savepoint of its own; of two at once, one', async () => {
    const { Article } = models;
    const one = await Article.create({ title: 'a' });
    await one.hardDelete();
    const transaction = await db.sequelize.transaction();
    await Article.undelete(one.id, { transaction });
    expect(await Article.count()).to.equal(0);
    const second = refusal(Article.undelete(one.id));
    for (;;) {
      const [row] = await db.sequelize.query<{ n: string }>(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        { type: QueryTypes.SELECT },
      );
      if (Number(row?.n) > 0) break;
    }
    await transaction.commit();
    expect((await second).name).to.equal('SequelizeUniqueConstraintError');
    expect(await Article.count()).to.equal(1);
  });

  it('a row that another made and removed meanwhile is not passed over', async () => {
    const { Article } = models;
    const one = await Article.create({ title: 'a' });
    await one.hardDelete();
    const other = db.connect();
    Article.addHook('beforeCreate', 'meanwhile', async () => {
      await other.query(`INSERT INTO article (id, "the title", _version) VALUES (${one.id}, 'between', 8)`);
      await other.transaction(async (transaction) => {
        await other.query('SET LOCAL guitars.hard_delete = on', { transaction });
        await other.query('DELETE FROM article', { transaction });
      });
    });
    const error = await refusal(Article.undelete(one.id));
    Article.removeHook('beforeCreate', 'meanwhile');
    expect([error.name, error.message]).to.match(/HistoryError.*Do it again/);
    expect(await Article.count({ paranoid: false })).to.equal(0);
    const back = await Article.undelete(one.id);
    expect([back.title, back._version]).to.deep.equal(['between', 9]);
  });

  it('what history does not keep and cannot be null has to be said', async () => {
    class Account extends Versioned(Guitar(Model), { exclude: ['hash'], filter: ['pin'] }) {
      declare id: number;
      declare hash: string;
      declare hint: string | null;
    }
    const text = { type: DataTypes.TEXT, allowNull: false };
    Account.init(
      {
        id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
        hash: text,
        pin: { ...text },
        hint: DataTypes.TEXT,
      },
      { sequelize: db.connect(), tableName: 'account', modelName: 'account' },
    );
    await Account.sync();
    const one = await Account.create({ hash: 'h', pin: 'p', hint: 'x' });
    await one.hardDelete();
    const error = await refusal(Account.undelete(one.id));
    expect([error.name, error.message]).to.deep.equal([
      'HistoryError',
      'account.undelete(): history keeps no value of "hash", "pin", which cannot be null. Pass { values: { hash, pin } }.',
    ]);
    const back = await Account.undelete(one.id, { values: { hash: 'new', pin: '1' } });
    expect([back.hash, back.hint]).to.deep.equal(['new', 'x']);
  });
});
