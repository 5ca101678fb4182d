import { archiveQueue } from './archive-queue';
import { definition, seal } from './definition';
import { distrust } from './distrust';
import { linkerForeign, linksUnseen, noteLink, refuseUnseenLinks, refuseUnseenParent } from './links';
import { forgetMove, moving, noteMove, refuseMove, stayed, takeMove } from './moving';
import { refuseEdge, refuseTruncate, refuseUnstamped, requireRole } from './refusals';
import { serves } from './serves';

const COMMENT = 'Functions and bookkeeping of sequelize-guitars';
const OCCUPIED = `EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('guitars'))
    OR EXISTS (SELECT FROM pg_proc WHERE pronamespace = to_regnamespace('guitars'))`;

// An empty schema may have been made for a role that may not make one. CREATE SCHEMA IF NOT EXISTS would want the
// privilege even so.
const schema = [
  `DO $$ BEGIN
  IF to_regnamespace('guitars') IS NULL THEN
    CREATE SCHEMA guitars;
  ELSIF NOT EXISTS (SELECT FROM pg_namespace AS n JOIN pg_roles AS r ON r.oid = n.nspowner WHERE n.nspname = 'guitars' AND (
      pg_has_role(r.oid, CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'USAGE, SET' END)
      OR pg_has_role(r.oid, current_user, 'MEMBER') OR r.rolsuper OR r.rolname = 'pg_database_owner'
      OR r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database()))) THEN
    RAISE EXCEPTION USING ERRCODE = 'duplicate_schema', MESSAGE = 'the schema "guitars" belongs to another role, who could replace what is installed in it',
      HINT = 'As a superuser, look at what it holds, and give it to the owner of the database, or of the tables: ALTER SCHEMA guitars OWNER TO …';
  ELSIF obj_description(to_regnamespace('guitars'), 'pg_namespace') IS DISTINCT FROM '${COMMENT}' AND (${OCCUPIED}) THEN
    RAISE EXCEPTION USING ERRCODE = 'duplicate_schema', MESSAGE = 'the schema "guitars" holds objects of somebody else',
      HINT = 'Rename that schema: sequelize-guitars keeps its functions in one of this name.';
  END IF;
  IF pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = 'guitars'), 'USAGE') THEN
    COMMENT ON SCHEMA guitars IS '${COMMENT}';
    GRANT USAGE ON SCHEMA guitars TO PUBLIC;
  END IF;
END $$`,
];

const functions = [
  definition,
  seal,
  refuseEdge,
  refuseTruncate,
  refuseUnstamped,
  requireRole,
  serves,
  distrust,
  linkerForeign,
  linksUnseen,
  noteLink,
  refuseUnseenLinks,
  refuseUnseenParent,
  noteMove,
  takeMove,
  stayed,
  forgetMove,
  refuseMove,
  `CREATE OR REPLACE FUNCTION guitars.version() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1'`,
];
const nameOf = (sql: string) => /guitars\.\w+\([^)]*\)/.exec(sql)?.[0] ?? '';

// What is somebody else's, or serves a table that is still enforced, stays, and the schema with it.
const leave = `DO $$ BEGIN IF NOT (${OCCUPIED}) THEN DROP SCHEMA IF EXISTS guitars; END IF; END $$`;

/** The functions that every enforced table shares. Its SQL never changes; a later version is a later migration. */
export const shared = {
  name: '0001-shared',
  up: [...schema, archiveQueue, moving, ...functions],
  down: [
    ...[...functions].reverse().map((sql) => `DROP FUNCTION IF EXISTS ${nameOf(sql)}`),
    'DROP TABLE IF EXISTS guitars.moving, guitars.archive_queue',
    leave,
  ],
};
