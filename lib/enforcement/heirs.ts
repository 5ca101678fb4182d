import type { Sequelize, Transaction } from 'sequelize';
import { InstallError } from '../errors';
import { literal, qualified, type TableRef, tableKey } from '../sql/identifiers';
import { select } from './catalog';
import type { Plan } from './plan';
import type { Table } from './tables';

/** A table beside one of ours: it inherits from ours, or ours inherits from it or is a partition of it. */
export interface Relative {
  readonly table: Table;
  readonly relation: 'heir' | 'ancestor' | 'partitioned';
  readonly ref: TableRef;
}

/** The relatives of soft-deletable tables that no model makes soft-deletable itself. */
export async function relativesOf(
  sequelize: Sequelize,
  plan: Plan,
  tables: readonly Table[],
  transaction?: Transaction | null,
): Promise<Relative[]> {
  const soft = tables.filter((table) => table.soft);
  if (soft.length === 0) return [];
  const values = soft.map(({ table }, n) => `(${n}, to_regclass(${literal(qualified(table))}))`).join(', ');
  const rows = await select<{ n: number; relation: Relative['relation']; schema: string; name: string }>(
    sequelize,
    `SELECT n, relation, nspname AS schema, c.relname AS name FROM (VALUES ${values}) AS tables(n, target)
      JOIN pg_class AS own ON own.oid = target
      CROSS JOIN LATERAL (
        SELECT inhrelid AS oid, 'heir' AS relation FROM pg_inherits WHERE inhparent = target AND own.relkind <> 'p'
        UNION ALL SELECT inhparent, CASE WHEN own.relispartition THEN 'partitioned' ELSE 'ancestor' END FROM pg_inherits WHERE inhrelid = target
      ) AS relatives
      JOIN pg_class AS c ON c.oid = relatives.oid JOIN pg_namespace AS s ON s.oid = c.relnamespace
      ORDER BY n, relation, schema, name`,
    transaction,
  );
  const kept = new Set(plan.graph.tables.filter((table) => table.soft).map(({ table }) => tableKey(table)));
  return rows
    .filter((row) => row.relation !== 'heir' || !kept.has(tableKey(row)))
    .map(({ n, relation, schema, name }) => ({ table: soft[n] as Table, relation, ref: { schema, name } }));
}

/**
 * Refuses tables from which others inherit, under the trigger engine: a DELETE reaches the rows of the heirs, whose
 * triggers are none of the table's.
 *
 * @throws InstallError with the remedy
 */
export async function refuseHeirs(sequelize: Sequelize, plan: Plan, transaction: Transaction): Promise<void> {
  const relatives = await relativesOf(sequelize, plan, plan.graph.tables, transaction);
  const lost = relatives.find(({ table, relation }) => relation === 'heir' && table.options.engine === 'trigger');
  if (!lost) return;
  throw new InstallError(
    `${lost.table.name}: the table "${lost.ref.name}" inherits from "${lost.table.table.name}", whose triggers do not fire for rows of its heirs, so a DELETE would remove them. ` +
      `Run: ${disinherit(lost)} or make it a soft-deletable model, or set { guitar: { engine: 'rule' } }.`,
  );
}

/** SQL that parts an heir from its parent. */
export function disinherit({ table, relation, ref }: Relative): string {
  const [heir, parent] = relation === 'heir' ? [ref, table.table] : [table.table, ref];
  return relation === 'partitioned'
    ? `ALTER TABLE ${qualified(parent)} DETACH PARTITION ${qualified(heir)};`
    : `ALTER TABLE ${qualified(heir)} NO INHERIT ${qualified(parent)};`;
}
