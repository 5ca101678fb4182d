import type pg from 'pg';
import { TABLES, type Table, WIDE_KEY } from './graph';

/**
 * Makes the tables, with the keys that the models declare. Not by `sync()`: where keys make a cycle and the tables lie in
 * another schema than `public`, Sequelize makes none of them.
 */
export async function makeTables(client: pg.Client): Promise<void> {
  for (const table of TABLES) await client.query(`CREATE TABLE ${table.name} (${columnsOf(table).join(', ')})`);
  for (const { name, keys, id } of TABLES) {
    for (const { column, parent, action } of keys) {
      await client.query(
        `ALTER TABLE ${name} ADD FOREIGN KEY (${column}) REFERENCES ${parent} (id) ON DELETE ${action}`,
      );
      await client.query(`CREATE INDEX ON ${name} (${column})`);
    }
    // What the workers insert without a key stays out of the way of what they insert with one.
    if (id.length === 1) await client.query(`ALTER SEQUENCE ${name}_id_seq RESTART 1000`);
  }
  const columns = WIDE_KEY.columns.join(', ');
  await client.query(
    `ALTER TABLE ${WIDE_KEY.child} ADD FOREIGN KEY (${columns}) REFERENCES ${WIDE_KEY.parent} (${columns}) ON DELETE RESTRICT`,
  );
}

function columnsOf({ name, id, keys, coded, engine }: Table): string[] {
  const soft =
    '_created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz';
  const single = id.length === 1;
  return [
    ...(single ? ['id serial PRIMARY KEY'] : [`number integer`]),
    ...keys.map(({ column }) => `${column} integer`),
    ...(name === WIDE_KEY.child ? ['number integer'] : []),
    'n integer',
    'value text',
    ...(coded ? ['code text'] : []),
    ...(engine ? [soft] : []),
    ...(single ? [] : [`PRIMARY KEY (${id.join(', ')})`]),
  ];
}
