import type pg from 'pg';
import { TABLES } from './graph';

/**
 * An observer of every row, written apart from the library: plain triggers that log what became of it, in the transaction
 * that did it. `hop` is drawn while the writer holds the row, so it tells in what order the versions of a row came: the
 * order in which AFTER triggers of statements within statements fire does not.
 */
const OBSERVER = [
  'CREATE SCHEMA shadow',
  'CREATE SEQUENCE shadow.hop',
  `CREATE TABLE shadow.log (
    seq bigserial PRIMARY KEY, relation text NOT NULL, key jsonb NOT NULL, verb text NOT NULL, hop bigint NOT NULL,
    old jsonb, new jsonb, tx xid8 NOT NULL, at timestamptz NOT NULL, op text, door text)`,
  'CREATE INDEX ON shadow.log (relation, key)',
  `CREATE FUNCTION shadow.count_hop() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.hop := nextval('shadow.hop'); RETURN NEW; END $$`,
  `CREATE FUNCTION shadow.record() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      row constant jsonb := CASE TG_OP WHEN 'INSERT' THEN to_jsonb(NEW) ELSE to_jsonb(OLD) END;
    BEGIN
      INSERT INTO shadow.log (relation, key, verb, hop, old, new, tx, at, op, door) VALUES (
        TG_TABLE_NAME,
        CASE TG_TABLE_NAME WHEN 'seat' THEN jsonb_build_object('hall_id', row -> 'hall_id', 'number', row -> 'number')
          ELSE jsonb_build_object('id', row -> 'id') END,
        TG_OP,
        CASE TG_OP WHEN 'DELETE' THEN OLD.hop ELSE NEW.hop END,
        CASE TG_OP WHEN 'INSERT' THEN NULL ELSE to_jsonb(OLD) END,
        CASE TG_OP WHEN 'DELETE' THEN NULL ELSE to_jsonb(NEW) END,
        pg_current_xact_id(), now(), current_setting('fire.op', true), current_setting('guitars.hard_delete', true));
      RETURN NULL;
    END $$`,
  // What each operation was to do, as the generator chose it. Written when the round is over.
  `CREATE TABLE shadow.op (op text PRIMARY KEY, history text NOT NULL, kind text NOT NULL, how text NOT NULL, relation text NOT NULL, targets jsonb[] NOT NULL)`,
  // Restores, deletes and the like of one row, in their order: place is that of the log.
  `CREATE VIEW shadow.event AS SELECT *, hop * 2 + (verb = 'DELETE')::int AS place,
      CASE WHEN verb <> 'UPDATE' THEN lower(verb)
        WHEN old -> '_deleted_at' = 'null' AND new -> '_deleted_at' <> 'null' THEN 'archive'
        WHEN old -> '_deleted_at' <> 'null' AND new -> '_deleted_at' = 'null' THEN 'restore' ELSE 'update' END AS edge
    FROM shadow.log`,
];

/** The triggers, named so that they fire before and after the library's. */
const triggersOn = (table: string) => [
  `ALTER TABLE ${table} ADD COLUMN hop bigint`,
  `CREATE TRIGGER a_hop BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION shadow.count_hop()`,
  `CREATE TRIGGER zz_shadow AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION shadow.record()`,
];

export async function observe(client: pg.Client): Promise<void> {
  for (const sql of [...OBSERVER, ...TABLES.flatMap(({ name }) => triggersOn(name))]) await client.query(sql);
}
