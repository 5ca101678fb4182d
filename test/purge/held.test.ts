import { expect } from 'chai';
import { purge } from '../../lib';
import { number, refusal } from '../contract/world';
import { useDatabase } from '../support/database';
import { define, ids, OLD, told } from './world';

describe('purge: what somebody else holds', () => {
  const db = useDatabase();
  const sql = (text: string) => db.sequelize.query(text);
  let Note: ReturnType<typeof define>;
  before(async () => {
    Note = define(db.sequelize, 'note');
    const Line = define(db.sequelize, 'line', ['note']);
    const Word = define(db.sequelize, 'word', ['line']);
    Line.belongsTo(Note, { as: 'of', foreignKey: 'note', onDelete: 'CASCADE' });
    Word.belongsTo(Line, { as: 'of', foreignKey: 'line', onDelete: 'CASCADE' });
    await db.sequelize.sync();
    await sql('CREATE TABLE tag (id int, note int REFERENCES note ON DELETE SET NULL)');
  });
  beforeEach(() =>
    sql(`BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE note, line, word, tag; COMMIT;
      INSERT INTO note (id, _deleted_at) SELECT n, ${OLD} FROM generate_series(1, 6) AS n;
      INSERT INTO line (id, note, _deleted_at) SELECT n, n, ${OLD} FROM generate_series(1, 6) AS n;
      INSERT INTO word (id, line, _deleted_at) SELECT n, n, ${OLD} FROM generate_series(1, 6) AS n; INSERT INTO tag VALUES (4, 4)`),
  );
  const old = { archivedBefore: '90d' };

  for (const [what, lock, stays] of [
    ['the row', 'SELECT FROM note WHERE id = 4 FOR UPDATE', true],
    ['a child', 'SELECT FROM line WHERE id = 4 FOR UPDATE', true],
    ['a child of a child, for a child of its own', 'SELECT FROM word WHERE id = 4 FOR KEY SHARE', true],
    ['a row whose link is cut', 'UPDATE tag SET id = 5', true],
    ['a row that it only reads', 'SELECT FROM line WHERE id = 4', false],
  ] as const) {
    it(`${what}: ${stays ? 'is left for the next run' : 'goes'}`, async () => {
      const holder = await db.client();
      await holder.query(`BEGIN; ${lock}`);
      const left = stays ? [4] : [];
      expect(told(await purge(db.sequelize, Note, old))).to.deep.include({ left: left.length, because: [] });
      for (const table of ['note', 'line', 'word']) expect(await ids(db.sequelize, table)).to.deep.equal(left);
      await holder.query('ROLLBACK');
      expect((await purge(db.sequelize, Note, old)).left).to.equal(0);
    });
  }

  it('a table: waits a little, then says which', async () => {
    const holder = await db.client();
    await holder.query('BEGIN; LOCK TABLE word IN SHARE MODE');
    const error = await refusal(purge(db.sequelize, Note, old));
    expect(error.message).to.match(
      /^The purge of note ended: another transaction has locked word\..*Run it again when/,
    );
    expect(await number(db.sequelize, 'SELECT count(*) AS n FROM note')).to.equal(6);
    await holder.query('ROLLBACK');
  });
});
