/** Models of an application, as `useApplication` writes them down: member → member, author → book, by CASCADE keys. */
export const MODELS = `
const define = (name, attributes) => {
  const model = class extends Guitar(Model) {};
  Object.defineProperty(model, 'name', { value: name });
  model.init({ id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }, ...attributes },
    { sequelize, tableName: name.toLowerCase() });
  return model;
};
const Member = define('Member', { email: { type: DataTypes.TEXT, unique: true } });
const Author = define('Author', {});
const Book = define('Book', {});
Member.belongsTo(Member, { as: 'chief', foreignKey: 'chief_id', onDelete: 'CASCADE' });
Book.belongsTo(Author, { foreignKey: 'author_id', onDelete: 'CASCADE' });
`;
export const NAMES = ['Member', 'Author', 'Book'];

const DROP = `DROP SCHEMA IF EXISTS guitars CASCADE; DROP TABLE IF EXISTS book, author, member, guitars_migrations CASCADE`;
const TIMES = `_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz`;

/** Tables of those models with rows in them; `more` are columns that they have. */
const tables = (more: string, unique = '') => [
  DROP,
  `CREATE TABLE member (id serial PRIMARY KEY, email text ${unique}, chief_id int REFERENCES member ON DELETE CASCADE ${more});
   CREATE TABLE author (id serial PRIMARY KEY ${more});
   CREATE TABLE book (id serial PRIMARY KEY, author_id int REFERENCES author ON DELETE CASCADE ${more});
   CREATE INDEX ON book (author_id); CREATE INDEX ON member (chief_id)`,
  `INSERT INTO author SELECT FROM generate_series(1, 50);
   INSERT INTO book (author_id) SELECT n % 50 + 1 FROM generate_series(1, 500) AS n;
   INSERT INTO member (email, chief_id) SELECT 'm' || n, nullif(n / 10, 0) FROM generate_series(1, 500) AS n`,
];

/** This library knows nothing of them. */
export const STRANGE = tables(', created_at timestamptz', 'UNIQUE');
/** They have the times; nothing is enforced. */
export const PREPARED = tables(`, ${TIMES}`);

/** SQL: all that the catalog says of the tables and of what is ours, but for the log, a line each, and the rows. */
export const SHAPE = `SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") AS shape FROM (
  SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) AS line
    FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relkind = 'r' AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('app', 'guitars')) AND attnum > 0 AND NOT attisdropped
  UNION ALL SELECT concat_ws(' ', indexrelid::regclass, pg_get_indexdef(indexrelid), indisvalid)
    FROM pg_index JOIN pg_class AS c ON c.oid = indrelid WHERE relnamespace = 'app'::regnamespace
  UNION ALL SELECT concat_ws(' ', conname, pg_get_constraintdef(oid), convalidated)
    FROM pg_constraint WHERE connamespace = 'app'::regnamespace AND contype <> 'n'
  UNION ALL SELECT concat_ws(' ', tgrelid::regclass, pg_get_triggerdef(t.oid), tgenabled, obj_description(t.oid, 'pg_trigger'))
    FROM pg_trigger AS t WHERE NOT tgisinternal
  UNION ALL SELECT concat_ws(' ', pg_get_ruledef(r.oid), obj_description(r.oid, 'pg_rewrite')) FROM pg_rewrite AS r WHERE rulename LIKE 'guitars%'
  UNION ALL SELECT concat_ws(' ', p.oid::regprocedure, md5(prosrc), obj_description(p.oid, 'pg_proc'))
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = pronamespace WHERE nspname = 'guitars'
  UNION ALL SELECT concat_ws(' ', 'sequence', relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
    WHERE nspname = 'guitars' AND relkind = 'S'
  UNION ALL SELECT 'rows ' || (SELECT count(*) FROM member) || ' ' || (SELECT count(*) FROM author) || ' ' || (SELECT count(*) FROM book)
) AS lines WHERE line NOT LIKE 'guitars_migrations%'`;
