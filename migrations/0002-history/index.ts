import { fault, position } from './cursors';
import { horizon, raise } from './horizon';
import { follows, order } from './order';
import { place } from './place';

const version = (n: number) =>
  `CREATE OR REPLACE FUNCTION guitars.version() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ${n}'`;

// Another migration may have taken away all that came before.
const before = `DO $$ BEGIN IF to_regprocedure('guitars.version()') IS NOT NULL THEN ${version(1)}; END IF; END $$`;

/** What the histories of versioned models share. Its SQL never changes; a later version is a later migration. */
export const history = {
  name: '0002-history',
  up: [...horizon, place, raise, fault, position, follows, order, version(2)],
  down: [
    'DROP FUNCTION IF EXISTS guitars.history_order(regclass, text[], bigint)',
    'DROP FUNCTION IF EXISTS guitars.history_follows(text, integer, text, integer)',
    'DROP FUNCTION IF EXISTS guitars.history_position(regclass, text, bigint, bigint, bigint, bigint)',
    'DROP FUNCTION IF EXISTS guitars.history_fault(regclass, text, bigint, bigint, bigint, bigint)',
    'DROP FUNCTION IF EXISTS guitars.raise_history_horizon(regclass, bigint, bigint)',
    'DROP FUNCTION IF EXISTS guitars.history_place(regclass)',
    'DROP TABLE IF EXISTS guitars.history_horizon',
    before,
  ],
};
