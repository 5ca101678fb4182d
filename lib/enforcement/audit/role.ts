import { literal, qualified } from '../../sql/identifiers';
import { select } from '../catalog';
import { EVERY, type Finding, type Subject, warning } from './finding';

const ADVICE =
  'Let the application connect as another role, with SELECT, INSERT, UPDATE and DELETE on the tables and nothing more.';

/** What the connecting role could switch off, were somebody to act in its name. */
export async function role({ sequelize, tables }: Subject): Promise<Finding[]> {
  const names = tables.map(({ table }, n) => `(${n}, to_regclass(${literal(qualified(table))}))`);
  const [who] = await select<{ name: string; superuser: boolean; grants: boolean }>(
    sequelize,
    `SELECT rolname AS name, rolsuper AS superuser,
        to_regprocedure('has_parameter_privilege(text, text)') IS NOT NULL AS grants
      FROM pg_roles WHERE rolname = current_user`,
  );
  if (!who || names.length === 0) return [];
  const could = (what: string) => [warning('role', EVERY, `the connecting role "${who.name}" ${what}. ${ADVICE}`)];
  if (who.superuser) return could('is a superuser, whom nothing binds');
  const owned = await select<{ n: number }>(
    sequelize,
    `SELECT n FROM (VALUES ${names.join(', ')}) AS tables(n, target) JOIN pg_class ON oid = target
      WHERE pg_has_role(relowner, 'MEMBER') ORDER BY n`,
  );
  const list = owned.map(({ n }) => tables[n]?.table.name).join(', ');
  return [
    ...(owned.length > 0 ? could(`owns ${list}, or may become their owner, who can switch enforcement off`) : []),
    ...(who.grants && (await mayReplicate(sequelize))
      ? could('may set session_replication_role, under which no trigger fires')
      : []),
  ];
}

/** Since PostgreSQL 15 the right to this setting can be granted. */
async function mayReplicate(sequelize: Subject['sequelize']): Promise<boolean> {
  const sql = `SELECT has_parameter_privilege('session_replication_role', 'SET') AS may`;
  return (await select<{ may: boolean }>(sequelize, sql))[0]?.may ?? false;
}
