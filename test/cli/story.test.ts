import { expect } from 'chai';
import { held, live, rows } from '../contract/world';
import { useDatabase } from '../support/database';
import { schemaDump } from '../support/dump';
import { useApplication } from './application';

/** All that a catalog says of what is in a database, but for the log of the migrations and numbers that mean nothing. */
const CATALOG = `
  SELECT 'column ' || a.attrelid::regclass || '.' || attname AS name, format('%s %s %s', format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) AS definition
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = attnum
    WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('app', 'guitars') AND attnum > 0 AND NOT attisdropped AND relname <> 'guitars_migrations'
  UNION ALL SELECT 'relation ' || oid::regclass, relkind::text FROM pg_class
    WHERE relnamespace::regnamespace::text IN ('app', 'guitars') AND relname NOT LIKE 'guitars_migrations%'
  UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'app' AND tablename <> 'guitars_migrations'
  UNION ALL SELECT 'constraint ' || conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'app'::regnamespace AND conrelid::regclass::text NOT LIKE $$%guitars_migrations$$
  UNION ALL SELECT 'trigger ' || tgname || ' ' || tgrelid::regclass, pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'rule ' || rulename || ' ' || ev_class::regclass, pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename LIKE 'guitars%'
  UNION ALL SELECT 'function ' || oid::regprocedure, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = to_regnamespace('guitars')
  UNION ALL SELECT 'schema ' || nspname, '' FROM pg_namespace WHERE nspname = 'guitars'
  UNION ALL SELECT 'comment ' || classoid::regclass || objoid::text, description FROM pg_description WHERE description LIKE 'guitars%' AND classoid <> 'pg_namespace'::regclass
  ORDER BY name, definition`;

const TIMES = `_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz`;
const id = `id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }`;
const model = (name: string, attributes: string, options = '') =>
  `class ${name} extends Guitar(Model) {}
${name}.init({ ${id}, ${attributes} }, { sequelize, modelName: '${name}', tableName: '${name.toLowerCase()}', guitar: { ${options} } });`;
const belongs = (child: string, parent: string, key: string) =>
  `${child}.belongsTo(${parent}, { foreignKey: '${key}', onDelete: 'CASCADE' });`;

const author = (name = 'name', options = '') => model('Author', `${name}: DataTypes.TEXT`, options);
const book = model('Book', 'title: { type: DataTypes.TEXT, unique: true }, authorId: DataTypes.INTEGER');
const shop = model('Shop', 'city: DataTypes.TEXT');
const review = model('Review', 'text: DataTypes.TEXT, bookId: DataTypes.INTEGER');
const books = belongs('Book', 'Author', 'authorId');
const reviews = belongs('Review', 'Book', 'bookId');

/** Each chapter: what the developer changes, in the tables (by a migration of his own) and in the models. */
const STORY: { what: string; sql?: [up: string, down: string]; models: string }[] = [
  { what: 'three models are enforced', models: [author(), book, shop, books].join('\n') },
  {
    what: 'a model gains a cascade child',
    sql: [
      `CREATE TABLE review (id serial PRIMARY KEY, text text, "bookId" int REFERENCES book ON DELETE CASCADE, ${TIMES}); CREATE INDEX ON review ("bookId")`,
      'DROP TABLE review',
    ],
    models: [author(), book, shop, books, review, reviews].join('\n'),
  },
  {
    what: 'a model loses one',
    sql: [
      'ALTER TABLE book DROP CONSTRAINT book_author',
      'ALTER TABLE book ADD CONSTRAINT book_author FOREIGN KEY ("authorId") REFERENCES author ON DELETE CASCADE',
    ],
    models: [author(), book, shop, review, reviews].join('\n'),
  },
  {
    what: 'a column is renamed that triggers name',
    sql: ['ALTER TABLE review RENAME "bookId" TO "volumeId"', 'ALTER TABLE review RENAME "volumeId" TO "bookId"'],
    models: [author(), book, shop, review.replace('bookId', 'volumeId'), reviews.replace('bookId', 'volumeId')].join(
      '\n',
    ),
  },
  {
    what: 'the engine changes',
    models: [
      author('name', `engine: 'trigger'`),
      book,
      shop,
      review.replace('bookId', 'volumeId'),
      reviews.replace('bookId', 'volumeId'),
    ].join('\n'),
  },
];

// Each run of the command takes a second: the script formats, which differ in a few lines, share the whole of it.
for (const [format, chapters] of [
  ['ts', STORY],
  ['sql', STORY],
  ['cjs', STORY.slice(0, 2)],
  ['esm', STORY.slice(0, 2)],
] as const) {
  describe(`the story of an application, in ${format}`, () => {
    const db = useDatabase();
    const app = useApplication(db);
    const catalogs: object[][] = [];
    const catalog = () => rows(db.sequelize, CATALOG);
    const dump = () => schemaDump(db, 'app.guitars_migrations');
    let start: string | undefined;

    before(async () => {
      app.write(
        'guitars.config.js',
        `module.exports = { sequelize: './models', schema: 'app', format: '${format}' };\n`,
      );
      await db.sequelize.query(`CREATE TABLE author (id serial PRIMARY KEY, name text, ${TIMES})`);
      await db.sequelize.query(`CREATE TABLE book (id serial PRIMARY KEY, title text, "authorId" int, ${TIMES})`);
      await db.sequelize.query(
        'ALTER TABLE book ADD CONSTRAINT book_author FOREIGN KEY ("authorId") REFERENCES author ON DELETE CASCADE; CREATE INDEX ON book ("authorId")',
      );
      await db.sequelize.query(`CREATE TABLE shop (id serial PRIMARY KEY, city text, ${TIMES})`);
      start = dump();
    });

    for (const [n, { what, sql, models }] of chapters.entries()) {
      it(`${what}: make, migrate up, audit`, async () => {
        app.models(models);
        catalogs.push(await catalog());
        if (sql) {
          const name = `migrations/${20200101000000 + n}-by-hand`;
          // A name that sorts after what was generated before.
          const after = String(BigInt(/\d+/.exec(app.migrations().at(-1) ?? name)?.[0] ?? 0) + 1n);
          app.write(`migrations/${after}-by-hand.up.sql`, `${sql[0]};\n`);
          app.write(`migrations/${after}-by-hand.down.sql`, `${sql[1]};\n`);
        }
        expect((await app.guitars('make', '--check')).code).to.equal(1);
        const made = await app.guitars('make');
        expect([made.code, made.err], made.out).to.deep.equal([0, '']);
        expect((await app.guitars('make')).out).to.match(/^Nothing to do/);
        expect((await app.guitars('make', '--check')).code).to.equal(0);
        const up = await app.guitars('migrate', 'up');
        expect(up.code, up.err).to.equal(0);
        const audited = await app.guitars('audit');
        expect([audited.code, audited.out]).to.deep.equal([
          0,
          'Nothing found: the database enforces what the models say.\n',
        ]);
        expect((await app.guitars('migrate', 'up')).out).to.match(/^Nothing to do/);
      });
    }

    it('and what was built holds', async () => {
      const key = chapters === STORY ? 'volumeId' : 'bookId';
      await db.sequelize.query(`INSERT INTO book (title) VALUES ('a')`);
      await db.sequelize.query(`INSERT INTO review ("${key}") VALUES (1), (1)`);
      await db.sequelize.query('DELETE FROM book');
      expect([await live(db.sequelize, 'review'), await held(db.sequelize, 'review')]).to.deep.equal([0, 2]);
      await db.sequelize.query('BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM book; COMMIT');
    });

    it('down, step by step, is what it was, and all the way to the start', async () => {
      for (const [n, { sql }] of [...chapters.entries()].reverse()) {
        for (let steps = sql ? 2 : 1; steps > 0; steps--) {
          const down = await app.guitars('migrate', 'down');
          expect(down.code, down.err).to.equal(0);
        }
        // The comment of an object that followed a renamed column still tells of it.
        const but = (list: object[]) => list.filter((row) => !(row as { name: string }).name.startsWith('comment'));
        expect(but(await catalog()), chapters[n]?.what).to.deep.equal(but(catalogs[n] ?? []));
      }
      expect(await catalog()).to.deep.equal(catalogs[0]);
      const again = await app.guitars('migrate', 'up');
      expect([again.code, (await app.guitars('audit')).code], again.err).to.deep.equal([0, 0]);
      expect((await app.guitars('migrate', 'down', '--all')).code).to.equal(0);
      expect(await catalog()).to.deep.equal(catalogs[0]);
      expect(dump()).to.equal(start);
    });
  });
}
