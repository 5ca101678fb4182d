import { createHash } from 'node:crypto';
import { dollarQuote, ident, literal, qualified, type TableRef } from '../sql/identifiers';
import { SCHEMA } from '../sql/names';

/** The kinds of enforced object, in the order in which they are created; they are dropped in the reverse order. */
export const KINDS = ['column', 'table', 'sequence', 'function', 'trigger', 'rule', 'index'] as const;
export type Kind = (typeof KINDS)[number];

/** One database object that the models call for. */
export interface EnforcedObject {
  readonly kind: Kind;
  /** The model that calls for it. */
  readonly model: string;
  /** The table that it serves. Functions and sequences live in the schema `guitars`. */
  readonly table: TableRef;
  readonly name: string;
  /** Creates it, or replaces what stands in its place; may be run again. */
  readonly create: string;
  /** Removes it where it exists. */
  readonly drop: string;
  /** A hash of `create`, which the installer writes into the object's comment. */
  readonly digest: string;
  /** Of a function: its body, as the catalog keeps it. */
  readonly body?: string;
  /** Of a trigger that a user declared, and of its function: the trigger's name. */
  readonly declared?: string;
  /** Of a column: its type, as the catalog writes it. */
  readonly type?: string;
  /**
   * Of a table: the columns that it has to have, of these the ones that are markers, whatever they are in the table that it
   * serves, and whether it is partitioned.
   */
  readonly columns?: {
    readonly all: readonly string[];
    readonly text: readonly string[];
    readonly partitioned: boolean;
  };
  /** SQL to run once it stands, beside its seal: what it should have seen before. */
  readonly after?: string;
  /** Of a statement trigger whose table is partitioned: SQL that does the same on each partition that there is then. */
  readonly onPartitions?: { readonly create: string; readonly drop: string };
}

type Parts = Pick<EnforcedObject, 'model' | 'table'>;

function enforced(kind: Kind, parts: Parts, name: string, create: string, drop: string, body?: string): EnforcedObject {
  const digest = createHash('sha256').update(create).digest('hex').slice(0, 16);
  return { kind, ...parts, name, create, drop, digest, ...(body === undefined ? {} : { body }) };
}

export interface FunctionOptions {
  /** DECLARE section, without the keyword. */
  declare?: string;
  /** What to qualify declared names with, where columns may have the same. */
  label?: string;
  /** Run as the function's owner, as PostgreSQL runs its own foreign-key actions, with a fixed `search_path`. */
  definer?: boolean;
  /**
   * Does it compare keys of types that are not built in? Their operators are looked for in the table's schema and in
   * `public` as well, where somebody else might put one. Default: false.
   */
  foreignTypes?: boolean;
  /**
   * Was the body written by a user? Names in it are looked for in the table's schema and in `public`, whoever sends the
   * statement: what a cascade does is sent by functions of ours, under a `search_path` of theirs. Default: false.
   */
  written?: boolean;
  /** Does it do nothing but refuse? Then a `search_path` of its own costs nobody anything. Default: false. */
  refuses?: boolean;
}

/** A trigger function of a table. */
export function triggerFunction(
  parts: Parts,
  name: string,
  statements: string,
  options: FunctionOptions = {},
): EnforcedObject {
  const ref = qualified({ schema: SCHEMA, name });
  const label = options.label ? `<<${options.label}>>\n` : '';
  const declare = options.declare ? `DECLARE\n${options.declare}\n` : '';
  const body = `\n${label}${declare}BEGIN\n${statements}\nEND\n`;
  const path = options.foreignTypes
    ? `pg_catalog, ${ident(parts.table.schema)}, public, pg_temp`
    : 'pg_catalog, pg_temp';
  const own = options.written ? `${ident(parts.table.schema)}, public, pg_temp` : options.refuses && path;
  const settings = options.definer ? ` SECURITY DEFINER SET search_path = ${path}` : own && ` SET search_path = ${own}`;
  // A trigger fires its function without asking; whoever may execute it could hang it on a table of his own.
  const create = `CREATE OR REPLACE FUNCTION ${ref}() RETURNS trigger LANGUAGE plpgsql${settings || ''} AS ${dollarQuote(body)};
REVOKE EXECUTE ON FUNCTION ${ref}() FROM PUBLIC`;
  return enforced('function', parts, name, create, `DROP FUNCTION IF EXISTS ${ref}()`, body);
}

/** A trigger. `when` and `event` are SQL; `execute` is a call, qualified. */
export function trigger(
  parts: Parts,
  name: string,
  spec: { event: string; level: 'ROW' | 'STATEMENT'; referencing?: string; when?: string; execute: string },
): EnforcedObject {
  const create = [
    `CREATE OR REPLACE TRIGGER ${ident(name)} ${spec.event} ON ${qualified(parts.table)}`,
    ...(spec.referencing ? [`REFERENCING ${spec.referencing}`] : []),
    `FOR EACH ${spec.level}`,
    ...(spec.when ? [`WHEN (${spec.when})`] : []),
    `EXECUTE FUNCTION ${spec.execute}`,
  ].join('\n  ');
  return enforced('trigger', parts, name, create, dropOnTable('TRIGGER', name, parts.table));
}

/** A constraint trigger, which can be put off to the end of the transaction. */
export function constraintTrigger(
  parts: Parts,
  name: string,
  spec: { event: string; when?: string; execute: string },
  deferred: boolean,
): EnforcedObject {
  const drop = dropOnTable('TRIGGER', name, parts.table);
  // There is no CREATE OR REPLACE of these.
  const create = [
    `${drop};\nCREATE CONSTRAINT TRIGGER ${ident(name)} ${spec.event} ON ${qualified(parts.table)}`,
    `DEFERRABLE INITIALLY ${deferred ? 'DEFERRED' : 'IMMEDIATE'}`,
    'FOR EACH ROW',
    ...(spec.when ? [`WHEN (${spec.when})`] : []),
    `EXECUTE FUNCTION ${spec.execute}`,
  ].join('\n  ');
  return enforced('trigger', parts, name, create, drop);
}

/** A rule. */
export function rule(
  parts: Parts,
  name: string,
  spec: { event: string; where: string; instead: string },
): EnforcedObject {
  const create = [
    `CREATE OR REPLACE RULE ${ident(name)} AS ON ${spec.event} TO ${qualified(parts.table)}`,
    `WHERE ${spec.where}`,
    `DO INSTEAD ${spec.instead}`,
  ].join('\n  ');
  return enforced('rule', parts, name, create, dropOnTable('RULE', name, parts.table));
}

/** An index of the table; `create` says IF NOT EXISTS. */
export function index(parts: Parts, name: string, create: string): EnforcedObject {
  const ref = qualified({ schema: parts.table.schema, name });
  return enforced('index', parts, name, create, `DROP INDEX IF EXISTS ${ref}`);
}

/** A column of the table; nullable, unless `constraint` says more. `own`: SQL in the place of what makes and drops it. */
export function column(
  parts: Parts,
  name: string,
  type: string,
  constraint = '',
  own?: Pick<EnforcedObject, 'create' | 'drop'>,
): EnforcedObject {
  const table = qualified(parts.table);
  const create = `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${ident(name)} ${[type, constraint].join(' ').trim()}`;
  const drop = `ALTER TABLE IF EXISTS ${table} DROP COLUMN IF EXISTS ${ident(name)}`;
  return { ...enforced('column', parts, name, own?.create ?? create, own?.drop ?? drop), type };
}

/** A table of ours beside the table that it serves. It goes only when it is empty: what it holds is kept for good. */
export function companion(
  parts: Parts,
  name: string,
  create: string,
  columns: NonNullable<EnforcedObject['columns']>,
): EnforcedObject {
  const ref = qualified({ schema: parts.table.schema, name });
  const drop = `DO ${dollarQuote(`BEGIN
  IF to_regclass(${literal(ref)}) IS NULL THEN RETURN; END IF;
  IF NOT EXISTS (SELECT FROM ${ref}) THEN DROP TABLE ${ref}; END IF;
END`)}`;
  return { ...enforced('table', parts, name, create, drop), columns };
}

/** A sequence in the schema `guitars`. */
export function sequence(parts: Parts, name: string): EnforcedObject {
  const ref = qualified({ schema: SCHEMA, name });
  return enforced('sequence', parts, name, `CREATE SEQUENCE IF NOT EXISTS ${ref}`, `DROP SEQUENCE IF EXISTS ${ref}`);
}

// DROP TRIGGER IF EXISTS still fails where the table is missing.
function dropOnTable(kind: 'TRIGGER' | 'RULE', name: string, table: TableRef): string {
  const drop = `DROP ${kind} IF EXISTS ${ident(name)} ON ${qualified(table)}`;
  return `DO ${dollarQuote(`BEGIN IF to_regclass(${literal(qualified(table))}) IS NOT NULL THEN ${drop}; END IF; END`)}`;
}
