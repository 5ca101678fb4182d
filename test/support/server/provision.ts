import { randomBytes } from 'node:crypto';
import type { Endpoint } from './endpoint';
import type { PostgresServer } from './server';
import { databaseUrl, identifier, literal, statements } from './statements';

/** Makes the application's role and the template database, and gives the server its face. */
export async function provision({ url, role: name, prefix, release }: Endpoint): Promise<PostgresServer> {
  const role = { name, password: randomBytes(12).toString('hex') };
  const template = `${prefix}template`;
  let made = 0;

  await createRole(url, role);
  await createTemplate(url, template, role.name);
  const [version] = await statements<{ server_version_num: string }>(url, 'SHOW server_version_num');

  return {
    host: decodeURIComponent(url.hostname),
    port: Number(url.port || 5432),
    admin: {
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
    },
    role,
    versionNum: Number(version?.server_version_num),
    url: (database, as = 'app') => databaseUrl(url, database, as === 'app' ? role : undefined).href,
    async createDatabase(database = `${prefix}${++made}`, source = template) {
      await statements(
        url,
        `CREATE DATABASE ${identifier(database)} OWNER ${identifier(role.name)} TEMPLATE ${identifier(source)}`,
        // A database's settings are not copied with its template.
        `ALTER DATABASE ${identifier(database)} SET search_path = app`,
        `ALTER DATABASE ${identifier(database)} SET timezone = 'UTC'`,
      );
      return database;
    },
    async dropDatabase(database) {
      await statements(url, `DROP DATABASE IF EXISTS ${identifier(database)} WITH (FORCE)`);
    },
    stop: release,
  };
}

async function createRole(url: URL, role: { name: string; password: string }): Promise<void> {
  const name = identifier(role.name);
  const [admin] = await statements<{ rolsuper: boolean }>(
    url,
    `CREATE ROLE ${name} LOGIN PASSWORD ${literal(role.password)}`,
    'SELECT rolsuper FROM pg_roles WHERE rolname = current_user',
  );
  // Who is not a superuser can only give a database away to a role of which it is a member.
  if (!admin?.rolsuper) await statements(url, `GRANT ${name} TO CURRENT_USER`);
}

async function createTemplate(url: URL, template: string, role: string): Promise<void> {
  const name = identifier(template);
  await statements(url, `CREATE DATABASE ${name} OWNER ${identifier(role)} TEMPLATE template0`);
  await statements(
    databaseUrl(url, template),
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    // As the owner of a database has it from 15 on: Sequelize makes enums there.
    `GRANT CREATE ON SCHEMA public TO ${identifier(role)}`,
    `CREATE SCHEMA app AUTHORIZATION ${identifier(role)}`,
  );
  // A database cannot be copied while anybody is connected to it.
  await statements(url, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
}
