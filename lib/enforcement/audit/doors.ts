import { ident } from '../../sql/identifiers';
import { HARD_DELETE, KEEP_TIMESTAMPS } from '../../sql/settings';
import { select } from '../catalog';
import { EVERY, type Finding, failure, type Subject, warning } from './finding';

const REPLICATION = 'session_replication_role';
const HARM: Record<string, string> = {
  [HARD_DELETE]: 'so every DELETE removes rows physically',
  [KEEP_TIMESTAMPS]: 'so clients write the times that they like',
  [REPLICATION]: 'so triggers and rules do not fire',
};

interface Setting {
  database: string | null;
  role: string | null;
  here: boolean;
  name: string;
  value: string;
}

/** Settings of the database or of a role that open a door, or pass the triggers by, for whole sessions. */
export async function doors({ sequelize }: Subject): Promise<Finding[]> {
  const settings = await select<Setting>(
    sequelize,
    `SELECT d.datname AS database, r.rolname AS role, r.oid IS NULL OR r.rolname = session_user AS here,
        split_part(setting, '=', 1) AS name, split_part(setting, '=', 2) AS value
      FROM pg_db_role_setting AS s CROSS JOIN LATERAL unnest(s.setconfig) AS setting
      LEFT JOIN pg_database AS d ON d.oid = s.setdatabase LEFT JOIN pg_roles AS r ON r.oid = s.setrole
      WHERE (s.setdatabase = 0 OR d.datname = current_database())
        AND setting IN ('${HARD_DELETE}=on', '${KEEP_TIMESTAMPS}=on', '${REPLICATION}=replica')
      ORDER BY database, role, name`,
  );
  const kept = settings.map(settingFinding);
  const names = settings.filter(({ here }) => here).map(({ name }) => name);
  return [...kept, ...(await session(sequelize, names))];
}

function settingFinding({ database, role, here, name, value }: Setting): Finding {
  const whose = role
    ? `ROLE ${ident(role)}${database ? ` IN DATABASE ${ident(database)}` : ''}`
    : `DATABASE ${ident(database ?? '')}`;
  const remedy = role || database ? `ALTER ${whose} RESET ${name};` : `ALTER ROLE ALL RESET ${name};`;
  const message = `${role || database ? whose : 'every role'} has ${name} = ${value} as a default, ${HARM[name]}. As a superuser, run: ${remedy}`;
  return (here ? failure : warning)('open_door', EVERY, message, { remedy });
}

/** What this very session was given, by its connection or by the server's configuration. */
async function session(sequelize: Subject['sequelize'], known: readonly string[]): Promise<Finding[]> {
  const [now] = await select<Record<string, string | null>>(
    sequelize,
    `SELECT current_setting('${HARD_DELETE}', true) AS "${HARD_DELETE}", current_setting('${KEEP_TIMESTAMPS}', true) AS "${KEEP_TIMESTAMPS}",
      current_setting('${REPLICATION}') AS "${REPLICATION}"`,
  );
  const open = Object.entries(now ?? {}).filter(([name, value]) => value === (name === REPLICATION ? 'replica' : 'on'));
  return open
    .filter(([name]) => !known.includes(name))
    .map(([name, value]) => {
      const message = `connections begin with ${name} = ${value}, ${HARM[name]}. Take it out of the connection's options, or of postgresql.conf.`;
      return failure('open_door', EVERY, message, { query: `SHOW ${name};` });
    });
}
