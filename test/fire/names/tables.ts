import type pg from 'pg';
import { isDated, isSoft, targetOf, timesOf } from './define';
import { KINDS, LABELS } from './kinds';
import type { ColumnSpec, LinkSpec, TableSpec, WorldSpec } from './spec';

/** Not the library's own, which is what is tried. */
export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const text = (value: string) => ` E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
export const tableName = ({ schema, table }: TableSpec) => `${quote(schema)}.${quote(table)}`;

/** How many bytes the name of the enum has is nobody's business: it is one, in a schema of its own. */
export const ENUM = '"the labels"."of a world"';
const typeOf = (kind: string) => (kind === 'enum' ? ENUM : (KINDS[kind]?.sql as string));

export const schemasOf = (spec: WorldSpec) => [...new Set(spec.tables.map(({ schema }) => schema))];

/** The tables as they are without the library, and the keys between them. */
export function ddl(spec: WorldSpec): string[] {
  return [
    'CREATE SCHEMA "the labels"',
    `CREATE TYPE ${ENUM} AS ENUM (${LABELS.map(text).join(', ')})`,
    ...schemasOf(spec).map((schema) => `CREATE SCHEMA IF NOT EXISTS ${quote(schema)}`),
    ...spec.tables.map((table, n) => create(spec, table, n)),
    ...spec.links.map(
      (link) => `CREATE INDEX ON ${tableName(spec.tables[link.child] as TableSpec)} (${quote(link.column)})`,
    ),
    ...spec.links.map((link) => `ALTER TABLE ${tableName(spec.tables[link.child] as TableSpec)} ${keyOf(spec, link)}`),
  ];
}

function create(spec: WorldSpec, table: TableSpec, n: number): string {
  const column = ({ column: name, kind }: ColumnSpec, more = '') => `${quote(name)} ${typeOf(kind)} ${more}`;
  const { createdAt, updatedAt, deletedAt } = timesOf(table);
  const columns = [
    ...table.key.map((key) => column(key, 'NOT NULL')),
    column(table.code, 'UNIQUE'),
    ...table.others.map((other) => column(other)),
    ...spec.links
      .filter(({ child }) => child === n)
      .map((link) => column({ ...targetOf(spec, link), column: link.column })),
    ...(isDated(table)
      ? [createdAt, updatedAt].map((time) => `${quote(time)} timestamptz NOT NULL DEFAULT now()`)
      : []),
    ...(isSoft(table) ? [`${quote(deletedAt)} timestamptz`] : []),
    `PRIMARY KEY (${table.key.map((key) => quote(key.column)).join(', ')})`,
  ];
  return `CREATE TABLE ${tableName(table)} (${columns.join(', ')})`;
}

/** The clause that adds a link's key. */
export function keyOf(spec: WorldSpec, link: LinkSpec): string {
  const parent = spec.tables[link.parent] as TableSpec;
  const to = `${tableName(parent)} (${quote(targetOf(spec, link).column)})`;
  return `ADD CONSTRAINT ${quote(link.constraint)} FOREIGN KEY (${quote(link.column)}) REFERENCES ${to} ON DELETE ${link.onDelete}`;
}

/** Everything of a world, and of the library, goes. */
export async function wipe(client: pg.Client, spec: WorldSpec): Promise<void> {
  for (const schema of ['guitars', 'the labels', ...schemasOf(spec).filter((each) => each !== 'public')])
    await client.query(`DROP SCHEMA IF EXISTS ${quote(schema)} CASCADE`);
  for (const table of spec.tables)
    await client.query(`DROP TABLE IF EXISTS ${quote('public')}.${quote(table.table)} CASCADE`);
  await client.query('DROP TABLE IF EXISTS public.guitars_migrations');
  // The tests' own, which a world may have been called as.
  await client.query('CREATE SCHEMA IF NOT EXISTS app');
}
