import { companion, type EnforcedObject } from '../../enforcement/object';
import {
  dollarQuote,
  ident,
  literal,
  MAX_IDENTIFIER_BYTES,
  qualified,
  shortHash,
  textArray,
  truncateBytes,
} from '../../sql/identifiers';
import type { History } from '../definition';
import { partsOf } from './parts';

/**
 * The table that holds a history. Types of columns are the table's own, as it has them when this runs: a column that the
 * model gains is added, one that it loses stays with what it holds, and one that has changed its type follows.
 */
export function historyTable(history: History): EnforcedObject {
  const { columns, filtered } = history;
  const statements = `BEGIN
  CREATE TABLE IF NOT EXISTS ${qualified(history.history)} (
    _entry bigint GENERATED ALWAYS AS IDENTITY,
    _operation text NOT NULL,
    _at timestamptz NOT NULL,
    _transaction bigint NOT NULL,
    _actor text,
    _comment text,
    _context jsonb
  )${history.options.partition ? ' PARTITION BY RANGE (_at)' : ''};
${follow(history)}${history.options.partition ? months(history) : ''}END`;
  const create = `DO ${dollarQuote(`DECLARE\n  one record;\n${statements}`)}`;
  return companion(partsOf(history), history.history.name, create, { all: columns, text: filtered });
}

/** SQL: the columns that are to be stored, with their types; a domain's own rules are for the table alone. */
export function storedColumns(table: string, all: readonly string[], text: readonly string[]): string {
  return `SELECT attname AS name, CASE WHEN attname = ANY (${textArray(text)}) THEN 'text'
      WHEN typtype = 'd' THEN format_type(typbasetype, typtypmod) ELSE format_type(atttypid, atttypmod) END AS type
    FROM pg_attribute JOIN pg_type AS t ON t.oid = atttypid
    WHERE attrelid = to_regclass(${literal(table)}) AND attnum > 0 AND NOT attisdropped AND attname = ANY (${textArray(all)})
    ORDER BY array_position(${textArray(all)}, attname::text)`;
}

function follow({ table, history, columns, filtered }: History): string {
  const target = literal(qualified(history));
  const alter = (action: string) =>
    `EXECUTE format(${literal(`ALTER TABLE ${qualified(history).replaceAll('%', '%%')} ${action}`)}, one.name, one.type);`;
  return `  FOR one IN SELECT wanted.name, wanted.type, format_type(atttypid, atttypmod) AS found
    FROM (${storedColumns(qualified(table), columns, filtered)}) AS wanted
    LEFT JOIN pg_attribute ON attrelid = to_regclass(${target}) AND attname = wanted.name AND NOT attisdropped
  LOOP
    IF one.found IS NULL THEN ${alter('ADD COLUMN %1$I %2$s')}
    ELSIF one.found <> one.type THEN ${alter('ALTER COLUMN %1$I TYPE %2$s USING %1$I::%2$s')}
    END IF;
  END LOOP;
`;
}

/** plpgsql: this month's partition, and the next two; the default takes what nobody has made a month for. */
export function months({ history }: History): string {
  const { schema, name } = history;
  const long = Buffer.byteLength(name) > MAX_IDENTIFIER_BYTES - '_YYYY_MM'.length;
  const base = long ? `${truncateBytes(name, MAX_IDENTIFIER_BYTES - 17)}_${shortHash(qualified(history))}` : name;
  const root = qualified(history).replaceAll('%', '%%');
  return `  CREATE TABLE IF NOT EXISTS ${ident(schema)}.${ident(`${base}_default`)} PARTITION OF ${qualified(history)} DEFAULT;
  FOR one IN SELECT ${literal(base)} || to_char(month, '"_"YYYY"_"MM') AS name, month::text || '+00' AS type,
      (month + interval '1 month')::text || '+00' AS found
    FROM date_trunc('month', now() AT TIME ZONE 'UTC') AS this,
      generate_series(this, this + interval '2 months', interval '1 month') AS month
  LOOP
    BEGIN
      EXECUTE format(${literal(`CREATE TABLE IF NOT EXISTS ${ident(schema).replaceAll('%', '%%')}.%I PARTITION OF ${root} FOR VALUES FROM (%L) TO (%L)`)}, one.name, one.type, one.found);
    EXCEPTION WHEN check_violation THEN
      NULL; -- The default has taken entries of that month already.
    END;
  END LOOP;
`;
}
