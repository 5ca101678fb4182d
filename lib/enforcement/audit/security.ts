import { literal, qualified } from '../../sql/identifiers';
import { select } from '../catalog';
import type { Table } from '../tables';
import { type Finding, failure, type Subject } from './finding';

/** Row-level security does not go with a rule, whose UPDATE acts as the table's owner; forced, it blinds the triggers too. */
export async function security({ sequelize, tables }: Subject): Promise<Finding[]> {
  const soft = tables.filter((table) => table.soft);
  if (soft.length === 0) return [];
  const values = soft.map(({ table }, n) => `(${n}, to_regclass(${literal(qualified(table))}))`);
  const rows = await select<{ n: number; forced: boolean }>(
    sequelize,
    `SELECT n, relforcerowsecurity AS forced
      FROM (VALUES ${values.join(', ')}) AS tables(n, target) JOIN pg_class ON oid = target
      WHERE relrowsecurity ORDER BY n`,
  );
  return rows.flatMap(({ n, forced }) => {
    const table = soft[n] as Table;
    return table.options.engine === 'rule' ? [onRule(table)] : forced ? [onOwner(table)] : [];
  });
}

function onRule({ name, table }: Table): Finding {
  const remedy = `ALTER TABLE ${qualified(table)} DISABLE ROW LEVEL SECURITY;`;
  const message = `row-level security is on, and the rule's UPDATE acts as the table's owner, whom no policy binds: a DELETE archives rows that policies protect. Set { guitar: { engine: 'trigger' } }, or run: ${remedy}`;
  return failure('row_security', name, message, { remedy });
}

function onOwner({ name, table }: Table): Finding {
  const remedy = `ALTER TABLE ${qualified(table)} NO FORCE ROW LEVEL SECURITY;`;
  const message = `row-level security is forced on the owner too, so our functions, which run as the owner, miss rows that policies hide. Run: ${remedy}`;
  return failure('row_security', name, message, { remedy });
}
