import { archiveQueue } from './archive-queue';
import { definition, seal } from './definition';
import { linksUnseen, noteLink, refuseUnseenLinks } from './links';
import { moving, noteMove, refuseMove, takeMove } from './moving';
import { refuseEdge, refuseTruncate, requireRole } from './refusals';

const schema = [
  // CREATE SCHEMA IF NOT EXISTS wants the privilege even where the schema exists.
  `DO $$ BEGIN IF to_regnamespace('guitars') IS NULL THEN CREATE SCHEMA guitars; END IF; END $$`,
  `COMMENT ON SCHEMA guitars IS 'Functions and bookkeeping of sequelize-guitars'`,
  'GRANT USAGE ON SCHEMA guitars TO PUBLIC',
];

/** The functions that every enforced table shares. Its SQL never changes; a later version is a later migration. */
export const shared = {
  name: '0001-shared',
  up: [
    ...schema,
    archiveQueue,
    moving,
    definition,
    seal,
    refuseEdge,
    refuseTruncate,
    requireRole,
    linksUnseen,
    noteLink,
    refuseUnseenLinks,
    noteMove,
    takeMove,
    refuseMove,
    `CREATE OR REPLACE FUNCTION guitars.version() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1'`,
  ],
  down: ['DROP SCHEMA IF EXISTS guitars CASCADE'],
};
