import { ident, literal, qualified, type TableRef } from '../../../sql/identifiers';
import { select } from '../../catalog';
import type { Subject } from '../finding';

/** A foreign key as the catalog has it. */
export interface CatalogKey {
  readonly name: string;
  /** OIDs. */
  readonly childId: string;
  readonly parentId: string;
  readonly child: TableRef;
  readonly parent: TableRef;
  readonly columns: readonly string[];
  readonly parentColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly deferrable: boolean;
  /** PostgreSQL has looked at all rows. */
  readonly validated: boolean;
  /** PostgreSQL 18 can have keys that it does not enforce. */
  readonly enforced: boolean;
  /** One of the triggers by which PostgreSQL keeps it is switched off. */
  readonly off: boolean;
}

const ACTION = (column: string) =>
  `CASE ${column} WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END`;
const COLUMNS = (key: string, relation: string) =>
  `ARRAY(SELECT a.attname::text FROM unnest(${key}) WITH ORDINALITY AS place(n, nth)
      JOIN pg_attribute AS a ON a.attrelid = ${relation} AND a.attnum = place.n ORDER BY nth)`;

/** The foreign keys from and onto tables whose rows are archived, and those that stand on a partition by themselves. */
export async function catalogKeys({ sequelize, tables }: Subject): Promise<CatalogKey[]> {
  const soft = tables
    .filter((table) => table.soft)
    .flatMap(({ table, partitions }) => [table, ...partitions])
    .map((table) => `to_regclass(${literal(qualified(table))})`);
  if (soft.length === 0) return [];
  const rows = await select<Record<string, unknown>>(
    sequelize,
    `SELECT k.conname AS name, k.conrelid::text AS "childId", k.confrelid::text AS "parentId",
        cn.nspname AS child_schema, c.relname AS child_name, pn.nspname AS parent_schema, p.relname AS parent_name,
        ${COLUMNS('k.conkey', 'k.conrelid')} AS columns, ${COLUMNS('k.confkey', 'k.confrelid')} AS "parentColumns",
        ${ACTION('k.confdeltype')} AS "onDelete", ${ACTION('k.confupdtype')} AS "onUpdate",
        k.condeferrable AS deferrable, k.convalidated AS validated,
        coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) AS enforced,
        EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgconstraint = k.oid AND t.tgenabled IN ('D', 'R')) AS off
      FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS cn ON cn.oid = c.relnamespace
      JOIN pg_class AS p ON p.oid = k.confrelid JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
      WHERE k.contype = 'f' AND k.conparentid = 0 AND ARRAY[${soft.join(', ')}]::oid[] && ARRAY[k.conrelid, k.confrelid]
      ORDER BY child_schema, child_name, name`,
  );
  return rows.map(({ child_schema, child_name, parent_schema, parent_name, ...key }) => ({
    ...(key as unknown as CatalogKey),
    child: { schema: child_schema as string, name: child_name as string },
    parent: { schema: parent_schema as string, name: parent_name as string },
  }));
}

/** `"a" of city onto region` */
export function told({ columns, child, parent }: CatalogKey): string {
  return `${columns.map(ident).join(', ')} of ${child.name} onto ${parent.name}`;
}

/** SQL that makes a key anew, so that PostgreSQL looks at every row again. */
export function remake(key: CatalogKey, onDelete = key.onDelete): string {
  const child = `ALTER TABLE ${qualified(key.child)}`;
  return `${child} DROP CONSTRAINT ${ident(key.name)}, ADD CONSTRAINT ${ident(key.name)} ${definition(key, onDelete)};`;
}

/** The part of a constraint after its name. */
export function definition(
  key: Pick<CatalogKey, 'columns' | 'parent' | 'parentColumns' | 'onUpdate'>,
  onDelete: string,
): string {
  const list = (names: readonly string[]) => names.map(ident).join(', ');
  return `FOREIGN KEY (${list(key.columns)}) REFERENCES ${qualified(key.parent)} (${list(key.parentColumns)}) ON DELETE ${onDelete} ON UPDATE ${key.onUpdate}`;
}
