import { useDatabase } from '../support/database';
import { useApplication } from './application';

export const model = (name: string, engine = 'rule', more = '') => `class ${name} extends Guitar(Model) {}
${name}.init({ name: { type: DataTypes.TEXT, unique: true } }, { sequelize, modelName: '${name}', tableName: '${name.toLowerCase()}', guitar: { engine: '${engine}' }${more} });`;

/** Two tables and their models, of which nothing is installed, and what `guitars ls` says of them. */
export function useGuitarists() {
  const db = useDatabase();
  const app = useApplication(db);
  const query = (sql: string) => db.sequelize.query(sql);
  /** `STATUS STATE name` of what ls lists. */
  const listed = async (...args: string[]) => {
    const { code, out, err } = await app.guitars('ls', '--json', ...args);
    if (err) throw new Error(err);
    const objects = JSON.parse(out) as { status: string; state: string | null; name: string }[];
    return { code, objects: objects.map(({ status, state, name }) => `${status} ${state ?? '-'} ${name}`) };
  };

  before(async () => {
    for (const table of ['guitarist', 'song'])
      await query(
        `CREATE TABLE ${table} (id serial PRIMARY KEY, name text, _created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now(), _deleted_at timestamptz)`,
      );
    app.models([model('Guitarist'), model('Song')].join('\n'));
  });
  return { db, app, query, listed };
}
