import { column, type EnforcedObject, trigger, triggerFunction } from '../../enforcement/object';
import { derivedName, dollarQuote, ident, literal, qualified } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import { VERSION_COLUMN } from '../columns';
import type { History } from '../definition';
import { partsOf } from './parts';

/**
 * The column that counts a row's versions, and what counts it. Without a WHEN, which for statements of one row costs more
 * than the function.
 */
export function version(history: History): EnforcedObject[] {
  const parts = partsOf(history);
  const fn = derivedName(history.table, 'version');
  const [before, after] = [`OLD.${VERSION_COLUMN}`, `NEW.${VERSION_COLUMN}`];
  const types = ['integer', 'NOT NULL DEFAULT 1'] as const;
  const [create, drop] = [goingOn(history), unlessKept(history)];
  return [
    column(parts, VERSION_COLUMN, ...types, { create, drop }),
    triggerFunction(parts, fn, `  ${after} := ${before} OPERATOR(pg_catalog.+) 1;\n  RETURN NEW;`),
    trigger(parts, TRIGGERS.version, {
      event: 'BEFORE UPDATE',
      level: 'ROW',
      execute: `${qualified({ schema: SCHEMA, name: fn })}()`,
    }),
  ];
}

/**
 * SQL: the column, whose numbers go on from those that a history has. By a change of type, which no trigger sees, by a
 * function, since such a change can ask for no row of another table.
 */
function goingOn({ table, history, key }: History): string {
  const [own, kept] = [qualified(table), qualified(history)];
  // By the table's name: where PL/pgSQL evaluates it, a column may be called as a variable.
  const keys = (row = '') => key.map((column) => `${row}${ident(column)}::text`).join(', ');
  return `DO ${dollarQuote(`BEGIN
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(${literal(own)}) AND attname = '${VERSION_COLUMN}' AND NOT attisdropped) THEN
    RETURN;
  END IF;
  ALTER TABLE ${own} ADD COLUMN ${VERSION_COLUMN} integer NOT NULL DEFAULT 1;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(${literal(kept)}) AND attname = '${VERSION_COLUMN}' AND NOT attisdropped) THEN
    RETURN;
  END IF;
  IF NOT EXISTS (SELECT FROM ${kept}) THEN RETURN; END IF;
  CREATE TEMPORARY TABLE guitars_numbers (key text[] PRIMARY KEY, highest integer);
  INSERT INTO pg_temp.guitars_numbers SELECT ARRAY[${keys('kept.')}], max(kept.${VERSION_COLUMN}) FROM ${kept} AS kept GROUP BY 1;
  CREATE FUNCTION pg_temp.guitars_number(text[]) RETURNS integer LANGUAGE sql STABLE AS
    'SELECT coalesce((SELECT highest + 1 FROM pg_temp.guitars_numbers WHERE key = $1), 1)';
  ALTER TABLE ${own} ALTER COLUMN ${VERSION_COLUMN} TYPE integer USING pg_temp.guitars_number(ARRAY[${keys()}]);
  DROP FUNCTION pg_temp.guitars_number(text[]);
  DROP TABLE pg_temp.guitars_numbers;
END`)}`;
}

/** SQL that drops the column where no history has numbers of it. */
function unlessKept({ table, history }: History): string {
  const kept = qualified(history);
  return `DO ${dollarQuote(`BEGIN
  IF to_regclass(${literal(kept)}) IS NOT NULL THEN
    IF EXISTS (SELECT FROM ${kept}) THEN RETURN; END IF;
  END IF;
  ALTER TABLE IF EXISTS ${qualified(table)} DROP COLUMN IF EXISTS ${VERSION_COLUMN};
END`)}`;
}
