import type { Sequelize } from 'sequelize';
import { withKeptTimestamps } from '../../../../lib';
import { withRevision } from '../../../../lib/history';
import type { World } from './index';
import { ENGINES, SCHEMAS } from './index';

const several = async (sequelize: Sequelize, ...statements: string[]) => {
  for (const sql of statements) await sequelize.query(sql);
};

/** Fills the world: rows live and archived, by cascades and apart, in transactions of their own and in one. */
export async function fill(sequelize: Sequelize, models: World): Promise<void> {
  for (const engine of ENGINES) {
    await links(sequelize, engine);
    await histories(models, engine);
  }
  await partitioned(sequelize);
  await odd(sequelize);
  await values(sequelize);
  await declared(sequelize);
}

async function links(sequelize: Sequelize, engine: string): Promise<void> {
  await several(
    sequelize,
    `INSERT INTO ${engine}.country (name) VALUES ('a'), ('b'), ('c'), ('twice')`,
    `INSERT INTO ${engine}.region (name, country_id) VALUES ('r', 1), ('s', 1), ('t', 2), ('u', 3)`,
    `INSERT INTO ${engine}.city (name, region_id) SELECT 'city ' || n, 1 + n % 4 FROM generate_series(1, 40) AS n`,
    `INSERT INTO ${engine}.fan (city_id) VALUES (4), (2)`,
    `INSERT INTO ${engine}.club (city_id) VALUES (2)`,
    `INSERT INTO ${engine}.node (node_id) VALUES (NULL), (1), (2), (4), (3)`,
    `INSERT INTO ${engine}.yin (yang_id) VALUES (NULL)`,
    `INSERT INTO ${engine}.yang (yin_id) VALUES (1)`,
    `UPDATE ${engine}.yin SET yang_id = 1`,
    `DELETE FROM ${engine}.country WHERE name = 'twice'`,
    `INSERT INTO ${engine}.country (name) VALUES ('twice')`,
    `DELETE FROM ${engine}.node WHERE id = 3`,
    `DELETE FROM ${engine}.node WHERE id = 1`,
    `DELETE FROM ${engine}.yin`,
  );
  await sequelize.transaction(async (transaction) => {
    // City 4 lies in region 1, and goes before it: apart, at the same now().
    for (const sql of [
      `DELETE FROM ${engine}.city WHERE id = 4`,
      `DELETE FROM ${engine}.region WHERE id = 2`,
      `DELETE FROM ${engine}.country WHERE id = 1`,
    ])
      await sequelize.query(sql, { transaction });
  });
  await sequelize.transaction((transaction) =>
    withKeptTimestamps(transaction, () =>
      sequelize.query(
        `UPDATE ${engine}.city SET _created_at = timestamptz '2001-01-01 00:00:00.000001+00' + id * interval '1 microsecond',
          _updated_at = '1999-12-31 23:59:59.999999+00'`,
        { transaction },
      ),
    ),
  );
}

async function histories({ versioned }: World, engine: 'rule' | 'trigger'): Promise<void> {
  const { Author, Article } = versioned[engine];
  const ann = await Author.create({ name: 'Ann' });
  const bob = await Author.create({ name: 'Bob' });
  const article = await Article.create({ title: 'One', author_id: ann.id, draft: 'd', secret: 's' });
  await withRevision({ actor: 'ann', comment: `it's "fine"`, ticket: 17 }, async () => {
    await article.update({ title: 'Two', secret: 't' });
    await article.destroy();
    await article.restore();
  });
  const gone = await Article.create({ title: 'Gone', author_id: bob.id });
  await gone.hardDelete();
  await Article.bulkCreate([{ title: 'x' }, { title: 'y', author_id: bob.id }]);
  await bob.destroy();
}

async function partitioned(sequelize: Sequelize): Promise<void> {
  await several(
    sequelize,
    `INSERT INTO app.owner (name) VALUES ('o'), ('p')`,
    `INSERT INTO app.event (id, day, owner_id) SELECT n, date '2025-06-01' + n * 20, 1 + n % 2 FROM generate_series(1, 20) AS n`,
    `DELETE FROM app.event_2025 WHERE id = 2`,
    `UPDATE app.event SET day = '2026-02-02' WHERE id = 4`,
    `DELETE FROM app.owner WHERE id = 1`,
  );
}

async function odd(sequelize: Sequelize): Promise<void> {
  const own = Object.values(sequelize.models).filter(({ name }) => name.startsWith('Odd'));
  for (const model of own.filter(({ name }) => name.startsWith('OddParent'))) {
    const child = sequelize.model(model.name.replace('Parent', 'Child'));
    const quoted = (...names: (string | undefined)[]) =>
      names.map((name = '') => `"${name.replaceAll('"', '""')}"`).join('.');
    const [parent, below] = [model, child].map(({ options }) => quoted(SCHEMAS[3], options.tableName));
    const { id, no, parentId } = child.rawAttributes;
    const columns = [id, no, parentId].map((attribute) => quoted(attribute?.field));
    await several(
      sequelize,
      `INSERT INTO ${parent} DEFAULT VALUES`,
      `INSERT INTO ${parent} DEFAULT VALUES`,
      `INSERT INTO ${below} (${columns.join(', ')}) VALUES (1, 1, 1), (1, 2, 1), (2, 1, 2)`,
      `DELETE FROM ${below} WHERE ${columns[1]} = 2`,
      `DELETE FROM ${parent} WHERE ${quoted(model.rawAttributes.id?.field)} = 1`,
    );
  }
}

const HARD = [
  `'a\\\\b\\t' || chr(9) || chr(10) || chr(13) || chr(8) || '''"$$ \\. \\N'`,
  `''`,
  'NULL',
  `'\\\\.'`,
  `chr(92) || 'N'`,
  `'Ωmega 🎸 ' || chr(160) || ' {"a": "b,c"}'`,
  `E'line\\n\\\\.\\nline'`,
];

async function values(sequelize: Sequelize): Promise<void> {
  const json = `json_build_object('k', t.text, 'n', 1e400::numeric)`;
  await several(
    sequelize,
    `INSERT INTO app.value (text, mood, json, jsonb, texts, bytes, number, float, moment, span, words)
      SELECT t.text, (ARRAY['so so', 'it''s "fine"', 'a,b{c}'])[1 + n % 3]::app.enum_value_mood, ${json}, ${json}::jsonb, ARRAY[t.text, NULL, 'NULL', '{}', '"', E'\\\\'],
        decode('00ff5c0a27', 'hex') || convert_to(coalesce(t.text, ''), 'UTF8'), CASE n % 3 WHEN 0 THEN 'NaN' WHEN 1 THEN 1e-30 ELSE 12345678901234567890.0100 END,
        CASE n % 3 WHEN 0 THEN '-infinity' WHEN 1 THEN 0.1 + 0.2 ELSE '-0' END, CASE n % 3 WHEN 0 THEN '-infinity' WHEN 1 THEN '0044-03-15 12:00:00.000001 BC' ELSE '2038-01-19 03:14:07.999999+00' END::timestamptz,
        tstzrange(NULL, now(), '(]'), to_tsvector('simple', coalesce(t.text, 'it''s'))
      FROM unnest(ARRAY[${HARD.join(', ')}]) WITH ORDINALITY AS t(text, n)`,
    `UPDATE app.value SET text = text || ' more' WHERE id < 4`,
    `DELETE FROM app.value WHERE id = 2`,
    `INSERT INTO app.word (id, note) VALUES ('Word', 'Note'), ('other', NULL)`,
    `INSERT INTO app.use (word) VALUES ('wORD'), ('Other'), (NULL)`,
    `DELETE FROM app.word WHERE id = 'WORD'`,
    `INSERT INTO app.plain (name) VALUES ('p')`,
  );
}

async function declared(sequelize: Sequelize): Promise<void> {
  await several(
    sequelize,
    `INSERT INTO app.invoice (number, total) SELECT 'N' || n, n * 60 FROM generate_series(1, 3) AS n`,
    `UPDATE app.invoice SET status = 'sent' WHERE id > 1`,
    `UPDATE app.invoice SET status = 'paid' WHERE id > 2`,
    `INSERT INTO app.tag (id, label) VALUES ('One', 'Kept'), ('Two', 'free'), ('Three', 'free')`,
    `DELETE FROM app.tag WHERE id = 'tHREE'`,
    `UPDATE app.tag SET label = 'freed' WHERE id = 'two'`,
  );
}
