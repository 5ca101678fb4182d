import { dollarQuote, ident, literal, qualified, type TableRef } from '../../sql/identifiers';
import { type EnforcedObject, trigger } from '../object';
import type { Table } from '../tables';

/** A table, by its model's name, and its partitions. */
export type Spread = Pick<Table, 'name' | 'table' | 'partitionKey' | 'partitions'>;

/** A statement trigger on the table and on each partition: PostgreSQL fires those of the table that a statement names. */
export function everywhere(
  table: Spread,
  name: string,
  spec: { event: string; when?: string; execute: string; referencing?: string },
): EnforcedObject[] {
  const on = (target: TableRef) => trigger({ model: table.name, table: target }, name, { ...spec, level: 'STATEMENT' });
  const root = on(table.table);
  if (table.partitionKey.length === 0) return [root];
  // A migration is written before anybody knows the partitions, and seals them all alike.
  const partitions = table.partitions.map((partition) => ({ ...on(partition), digest: root.digest }));
  return [{ ...root, onPartitions: onPartitions(root) }, ...partitions];
}

function onPartitions({ table, name, create, digest }: EnforcedObject): EnforcedObject['onPartitions'] {
  const template = (sql: string) =>
    literal(sql.replaceAll('%', '%%').replace(` ON ${qualified(table).replaceAll('%', '%%')}`, ' ON %s'));
  const each = (statements: string) =>
    `DO ${dollarQuote(`DECLARE target text;
BEGIN
FOR target IN SELECT format('%I.%I', n.nspname, c.relname) FROM pg_partition_tree(to_regclass(${literal(qualified(table))})) AS tree
    JOIN pg_class AS c ON c.oid = tree.relid JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE tree.level > 0 LOOP
${statements}
END LOOP;
END`)}`;
  const seal = `PERFORM guitars.seal('trigger', target, ${literal(name)}, ${literal(digest)});`;
  const drop = `DROP TRIGGER IF EXISTS ${ident(name)} ON ${qualified(table)}`;
  return {
    create: each(`EXECUTE format(${template(create)}, target);\n${seal}`),
    drop: each(`EXECUTE format(${template(drop)}, target);`),
  };
}
