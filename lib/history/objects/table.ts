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
import { META } from '../columns';
import type { History } from '../definition';
import { partsOf } from './parts';
import { sinceBegun } from './resync';
import { guardMonths } from './truncate';

/**
 * The table that holds a history. Types of columns are the table's own, as it has them when this runs: a column that the
 * model gains is added, one that it loses stays with what it holds, and one that has changed its type follows. The types that
 * the model declares are here so that `make` sees them change.
 */
export function historyTable(history: History): EnforcedObject {
  const { columns, filtered } = history;
  // Of an older server, pg_dump --inserts does not write OVERRIDING SYSTEM VALUE for a partition, whose identity PostgreSQL 17 made.
  const partitioned = history.options.partition !== undefined;
  const statements = `BEGIN
${history.types.map((type) => `  -- ${type.replace(/\s+/g, ' ')}\n`).join('')}  CREATE TABLE IF NOT EXISTS ${qualified(history.history)} (
    _entry bigint GENERATED ${partitioned ? 'BY DEFAULT' : 'ALWAYS'} AS IDENTITY,
    _operation text NOT NULL,
    _at timestamptz NOT NULL,
    _transaction bigint NOT NULL,
    _actor text,
    _comment text,
    _context jsonb
  )${partitioned ? ' PARTITION BY RANGE (_at)' : ''};
  IF made THEN
${unwritten(`c.oid = to_regclass(${literal(qualified(history.history))})`)}  END IF;
${follow(history)}${partitioned ? months(history) : ''}END`;
  const create = `DO ${dollarQuote(`DECLARE\n  one record;\n  made boolean := to_regclass(${literal(qualified(history.history))}) IS NULL;\n  fits boolean;\n  since bigint;\n  away text;\n  tail text;\n  nth integer;\n${statements}`)}`;
  const made = companion(partsOf(history), history.history.name, create, { all: columns, text: filtered, partitioned });
  return { ...made, after: sinceBegun(history) };
}

/**
 * SQL: the columns that are to be stored, with their types, and whether they are filtered. A domain's own rules are for the
 * table alone; an enum is text, since the history outlives it.
 */
export function storedColumns(table: string, all: readonly string[], text: readonly string[]): string {
  return `SELECT attname AS name, attname = ANY (${textArray(text)}) AS filtered, CASE WHEN attname = ANY (${textArray(text)}) THEN 'text'
      WHEN base.typtype = 'e' THEN 'text' WHEN element.typtype = 'e' THEN 'text[]'
      WHEN own.typtype = 'd' THEN format_type(base.oid, own.typtypmod) ELSE format_type(atttypid, atttypmod) END AS type
    FROM pg_attribute JOIN pg_type AS own ON own.oid = atttypid
    JOIN pg_type AS base ON base.oid = CASE own.typtype WHEN 'd' THEN own.typbasetype ELSE own.oid END
    LEFT JOIN pg_type AS element ON element.oid = base.typelem AND base.typcategory = 'A'
    WHERE attrelid = to_regclass(${literal(table)}) AND attnum > 0 AND NOT attisdropped AND attname = ANY (${textArray(all)})
    ORDER BY array_position(${textArray(all)}, attname::text)`;
}

/** SQL: is a column of a history one of markers? `of` is its row of pg_attribute. */
export const isFiltered = (of: string) =>
  `coalesce(col_description(${of}.attrelid, ${of}.attnum) LIKE 'guitars since % filtered', false)`;

/**
 * SQL: why a relation cannot be the history of a table, in a few words; NULL where it can. One that is not there yet can.
 */
export function historyFault(name: string, partitioned: boolean): string {
  const found = `to_regclass(${literal(name)})`;
  return `(SELECT CASE
      WHEN relkind NOT IN ('r', 'p') OR (SELECT count(*) FROM pg_attribute WHERE attrelid = c.oid AND attname = ANY (${textArray(META)}) AND NOT attisdropped) < ${META.length}
        THEN 'the name is taken by a relation that is no history'
      WHEN relkind = 'r' AND ${partitioned} THEN 'it was made without partitions'
    END FROM pg_class AS c WHERE c.oid = ${found})`;
}

/**
 * plpgsql: a column whose values would not survive the change of its type, or are markers and are to be values, makes way
 * for another. Its comment says since which entry that one is there: those before tell nothing of it.
 */
function follow({ table, history, columns, filtered, options }: History): string {
  const target = literal(qualified(history));
  const root = qualified(history).replaceAll('%', '%%');
  const sql = (text: string, ...args: string[]) => `format(${[literal(text), 'one.name', ...args].join(', ')})`;
  return `  away := ${historyFault(qualified(history), options.partition !== undefined)};
  IF away IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'wrong_object_type', MESSAGE = format('%s cannot be the history of %s: %s', ${target}, ${literal(qualified(table))}, away),
      HINT = 'Rename it; or leave "partition" out, where that is what is new.';
  END IF;
  FOR one IN SELECT wanted.name, wanted.type, wanted.filtered, format_type(atttypid, atttypmod) AS found, ${isFiltered('a')} AS marked
    FROM (${storedColumns(qualified(table), columns, filtered)}) AS wanted
    LEFT JOIN pg_attribute AS a ON attrelid = to_regclass(${target}) AND attname = wanted.name AND NOT attisdropped
  LOOP
    CONTINUE WHEN one.found = one.type AND one.filtered = one.marked;
    -- In the order in which writers lock them.
    LOCK TABLE ${qualified(table)} IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE ${qualified(history)} IN ACCESS EXCLUSIVE MODE;
    fits := false;
    IF one.found IS NOT NULL THEN
      BEGIN
        EXECUTE ${sql(`SELECT NOT EXISTS (SELECT FROM ${root} WHERE %1$I IS NOT NULL AND (%4$L OR (%1$I::%2$s)::%3$s::text IS DISTINCT FROM %1$I::text))`, 'one.type', 'one.found', 'one.filtered <> one.marked')} INTO fits;
      EXCEPTION WHEN OTHERS THEN
        NULL; -- There is no such cast, or a value that it refuses.
      END;
    END IF;
    IF fits AND one.found <> one.type THEN
      EXECUTE ${sql(`ALTER TABLE ${root} ALTER COLUMN %1$I TYPE %2$s USING %1$I::%2$s`, 'one.type')};
    END IF;
    CONTINUE WHEN fits AND one.filtered = one.marked;
    EXECUTE 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ' || pg_get_serial_sequence(${target}, '_entry') INTO since;
    IF NOT fits AND one.found IS NOT NULL THEN
      nth := 0;
      LOOP
        nth := nth + 1;
        tail := '_before_' || since || CASE nth WHEN 1 THEN '' ELSE '_' || nth END;
        away := one.name;
        WHILE octet_length(away || tail) > ${MAX_IDENTIFIER_BYTES} LOOP away := left(away, -1); END LOOP;
        away := away || tail;
        EXIT WHEN NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(${target}) AND attname = away);
      END LOOP;
      EXECUTE ${sql(`ALTER TABLE ${root} RENAME COLUMN %1$I TO %2$I`, 'away')};
    END IF;
    IF NOT fits THEN
      EXECUTE ${sql(`ALTER TABLE ${root} ADD COLUMN %1$I %2$s`, 'one.type')};
    END IF;
    IF since > 0 OR one.filtered THEN
      EXECUTE ${sql(`COMMENT ON COLUMN ${root}.%1$I IS %2$L`, `'guitars since ' || since || CASE WHEN one.filtered THEN ' filtered' ELSE '' END`)};
    END IF;
  END LOOP;
`;
}

/**
 * plpgsql: default privileges let nobody write a history who was not granted it by name; nor ever a month of one, past the
 * guards of the whole. `which` is an SQL condition on pg_class.
 */
function unwritten(which: string): string {
  return `  FOR one IN SELECT DISTINCT format('%I.%I', nspname, relname) AS name, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS type
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace CROSS JOIN aclexplode(relacl)
      WHERE ${which} AND grantee <> relowner AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
  LOOP EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER ON %s FROM %s', one.name, one.type); END LOOP;
`;
}

/** plpgsql: this month's partition, and the next two; the default takes what nobody has made a month for. */
export function months(versioned: History): string {
  const { history } = versioned;
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
${unwritten(`c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass(${literal(qualified(history))}))`)}${guardMonths(versioned)}`;
}
