import { expect } from 'chai';
import type { Sequelize } from 'sequelize';
import { CursorError } from '../../../../lib/history';
import { number, refusal, rows, sqlstate } from '../../../contract/world';
import { ENGINES, SCHEMAS, type World } from '../world';

/** What consumers of the changes had kept before the dump was taken, by engine. */
export type Cursors = Readonly<Record<'rule' | 'trigger', string>>;

/** Has the promises kept by a restored world. It writes, and so is the last that is asked of one. */
export async function behaves(sequelize: Sequelize, models: World, cursors?: Cursors): Promise<void> {
  for (const engine of ENGINES) {
    await restoresExactly(sequelize, engine);
    await links(sequelize, engine);
    await history(sequelize, models, engine, cursors);
  }
  await partitioned(sequelize);
  await declared(sequelize);
  await odd(sequelize);
}

const ids = async (sequelize: Sequelize, table: string, where = '_deleted_at IS NULL') => {
  const found = await rows<{ id: number }>(sequelize, `SELECT id FROM ${table} WHERE ${where} ORDER BY id`);
  return found.map(({ id }) => id);
};

/** R1, of deletions that were made before the dump, in one transaction; and none of them takes part in a new one. */
async function restoresExactly(sequelize: Sequelize, engine: string): Promise<void> {
  const city = `${engine}.city`;
  const before = await ids(sequelize, city);
  await sequelize.query(`DELETE FROM ${engine}.country WHERE id = 3`);
  expect(await number(sequelize, `SELECT count(*) AS n FROM ${engine}.country`)).to.equal(5);
  const marks = `SELECT count(DISTINCT _deletion) AS n FROM ${engine}.country WHERE _deleted_at IS NOT NULL`;
  expect(await number(sequelize, marks)).to.equal(3);
  await sequelize.query(`UPDATE ${engine}.country SET _deleted_at = NULL WHERE id = 3`);
  expect(await ids(sequelize, city)).to.deep.equal(before);
  await sequelize.query(`UPDATE ${engine}.country SET _deleted_at = NULL WHERE id = 1`);
  expect(await ids(sequelize, `${engine}.region`)).to.deep.equal([1, 3, 4]);
  // Of region 1, city 4 was archived apart, before it.
  const back = [8, 12, 16, 20, 24, 28, 32, 36, 40];
  expect(await ids(sequelize, city)).to.deep.equal([...before, ...back].sort((a, b) => a - b));
  await sequelize.query(`UPDATE ${engine}.node SET _deleted_at = NULL WHERE id = 1`);
  expect(await ids(sequelize, `${engine}.node`)).to.deep.equal([1, 2, 4]);
  await sequelize.query(`UPDATE ${engine}.yin SET _deleted_at = NULL`);
  expect(await ids(sequelize, `${engine}.yang`)).to.deep.equal([1]);
}

async function links(sequelize: Sequelize, engine: string): Promise<void> {
  const query = (sql: string) => sequelize.query(sql);
  expect(await sqlstate(query(`INSERT INTO ${engine}.city (region_id) VALUES (2)`))).to.equal('23503');
  expect(await sqlstate(query(`INSERT INTO ${engine}.country (name) VALUES ('twice')`))).to.equal('23505');
  expect(await sqlstate(query(`UPDATE ${engine}.country SET _deleted_at = NULL WHERE id = 4`))).to.equal('23505');
  expect(await sqlstate(query(`TRUNCATE ${engine}.fan`))).to.equal('23001');
  await query(`UPDATE ${engine}.city SET region_id = 3 WHERE id = 20`);
  await query(`UPDATE ${engine}.club SET city_id = 20`);
  expect(await sqlstate(query(`DELETE FROM ${engine}.country WHERE id = 2`))).to.equal('23503');
  // T1, T2: a client's own times are not believed.
  await query(`UPDATE ${engine}.city SET name = 'x', _created_at = now(), _updated_at = '1970-01-01' WHERE id = 8`);
  const times = `SELECT count(*) AS n FROM ${engine}.city WHERE id = 8 AND _created_at = '2001-01-01 00:00:00.000009+00' AND _updated_at > now() - interval '1 hour'`;
  expect(await number(sequelize, times)).to.equal(1);
  // The sequence goes on; what comes after a restore is as new.
  await query(`INSERT INTO ${engine}.country (name) VALUES ('new')`);
  expect(await number(sequelize, `SELECT max(id) AS n FROM ${engine}.country`)).to.equal(7); // 6 was refused
}

async function history(
  sequelize: Sequelize,
  { versioned }: World,
  engine: 'rule' | 'trigger',
  cursors: Cursors | undefined,
): Promise<void> {
  const { Article, Author } = versioned[engine];
  if (cursors) expect(await refusal(Article.changes(cursors[engine]))).to.be.instanceOf(CursorError);
  const article = await Article.findByPk(1, { rejectOnEmpty: true });
  const known = await article.versions();
  expect(known.map(({ operation }) => operation)).to.deep.equal(['insert', 'update', 'archive', 'restore']);
  expect(known[1]?.comment).to.equal(`it's "fine"`);
  const cursor = await Article.cursor();
  await article.update({ title: 'After' });
  expect((await article.versions()).map((each) => each.number)).to.deep.equal([1, 2, 3, 4, 5]);
  const { rows: told } = await Article.changes(cursor);
  expect(told.map(({ key, version }) => [key.id, version])).to.deep.equal([[1, 5]]);
  expect((await Article.changes()).rows.length).to.equal(10);
  // Its author is archived.
  expect(await sqlstate(Article.undelete(2))).to.equal('23503');
  const gone = await Article.undelete(2, { values: { author_id: null } });
  expect([gone.title, gone._version]).to.deep.equal(['Gone', 2]);
  const refused = sequelize.query(`UPDATE ${engine}.article_history SET title = 'x'`);
  expect(await sqlstate(refused)).to.equal('23U01');
  await Author.update({ name: 'C' }, { where: { id: 1 } });
  expect((await Author.historyOf(1)).length).to.equal(2);
}

async function partitioned(sequelize: Sequelize): Promise<void> {
  const live = await ids(sequelize, 'app.event');
  await sequelize.query('UPDATE app.owner SET _deleted_at = NULL WHERE id = 1');
  // Of owner 1 are the even ones; 2 was archived apart.
  expect((await ids(sequelize, 'app.event')).length).to.equal(live.length + 9);
  await sequelize.query('DELETE FROM app.event_2026_0');
  await sequelize.query('DELETE FROM app.event_2025');
  expect(await number(sequelize, 'SELECT count(*) AS n FROM app.event')).to.equal(20);
  expect(await sqlstate(sequelize.query('TRUNCATE app.event_2025'))).to.equal('23001');
}

async function declared(sequelize: Sequelize): Promise<void> {
  const refused = (sql: string) => sqlstate(sequelize.query(sql));
  expect(await refused(`UPDATE app.invoice SET number = 'x' WHERE id = 1`)).to.equal('23U02');
  expect(await refused(`UPDATE app.invoice SET status = 'paid' WHERE id = 1`)).to.equal('23U03');
  expect(await refused(`UPDATE app.invoice SET total = 1 WHERE id = 3`)).to.equal('23U01');
  const log = await number(sequelize, 'SELECT count(*) AS n FROM app.log');
  await sequelize.query(`INSERT INTO app.invoice (number, total) VALUES ('new', 101)`);
  // citext, whose equality knows no case: by its operators, wherever they are.
  await sequelize.query(`UPDATE app.tag SET label = 'kEPT' WHERE id = 'two'`);
  expect(await refused(`DELETE FROM app.tag WHERE id = 'TWO'`)).to.equal('23U01');
  expect(await number(sequelize, 'SELECT count(*) AS n FROM app.log')).to.equal(log + 2);
  await sequelize.query(`UPDATE app.word SET _deleted_at = NULL WHERE id = 'word'`);
  expect(await number(sequelize, 'SELECT count(*) AS n FROM app.use WHERE _deleted_at IS NULL')).to.equal(3);
  expect(await refused(`UPDATE app.value_history SET text = 'x'`)).to.equal('23U01');
  await sequelize.query(`INSERT INTO app.value (text) VALUES ('next')`);
  expect(await number(sequelize, 'SELECT max(id) AS n FROM app.value')).to.equal(8);
}

async function odd(sequelize: Sequelize): Promise<void> {
  const children = Object.values(sequelize.models).filter(({ name }) => name.startsWith('OddChild'));
  for (const model of children) {
    const table = [SCHEMAS[3], model.options.tableName ?? '']
      .map((name) => `"${name.replaceAll('"', '""')}"`)
      .join('.');
    const count = () => number(sequelize, `SELECT count(*) AS n FROM ${table} WHERE _deleted_at IS NULL`);
    expect(await count(), table).to.equal(1);
    await sequelize.query(`DELETE FROM ${table}`);
    expect(await count(), table).to.equal(0);
    expect(await number(sequelize, `SELECT count(*) AS n FROM ${table}`), table).to.equal(3);
  }
}
