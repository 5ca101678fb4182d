import type { Sequelize, Transaction } from 'sequelize';
import { InstallError } from '../errors';
import { literal, qualified, type TableRef } from '../sql/identifiers';
import { select } from './catalog';
import type { Plan } from './plan';
import type { Table } from './tables';

/** A soft-deletable table, or one of its partitions. */
interface Place {
  table: Table;
  ref: TableRef;
}

/** A foreign key as the catalog has it. */
interface LiveKey {
  n: number;
  name: string;
  columns: string[];
  parent: string;
  cascades: boolean;
  deferrable: boolean;
}

/**
 * Refuses foreign keys of the database under which rows would be left without their parent, or live under an archived
 * one, because the models do not say what the database does.
 *
 * @throws InstallError with the key and what to declare
 */
export async function refuseKeys(sequelize: Sequelize, plan: Plan, transaction: Transaction): Promise<void> {
  // A partition may have keys of its own.
  const places = plan.graph.tables
    .filter((table) => table.soft)
    .flatMap((table) => [table.table, ...table.partitions].map((ref) => ({ table, ref })))
    .filter(({ table, ref }) => plan.graph.at(ref) === table);
  if (places.length === 0) return;
  const values = places.map(({ ref }, n) => `(${n}, to_regclass(${literal(qualified(ref))}))`).join(', ');
  const keys = await select<LiveKey>(
    sequelize,
    `SELECT n, conname AS name, confrelid::regclass::text AS parent, confdeltype = 'c' AS cascades, condeferrable AS deferrable,
        (SELECT array_agg(attname::text ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS k(num, place)
          JOIN pg_attribute ON attrelid = conrelid AND attnum = num) AS columns
      FROM (VALUES ${values}) AS tables(n, target) JOIN pg_constraint ON conrelid = target
      WHERE contype = 'f' AND conparentid = 0 ORDER BY n, conname`,
    transaction,
  );
  for (const key of keys) refuse(plan, places[key.n] as Place, key);
}

function refuse(plan: Plan, { table: child, ref }: Place, key: LiveKey): void {
  const { name, columns, parent, cascades, deferrable } = key;
  const edges = plan.graph.edges.filter((edge) => edge.child === child && columns.length === 1);
  const edge = edges.find(({ column }) => column === columns[0]);
  const said = `${child.name}: the foreign key "${name}" (${columns.join(', ')} → ${parent})${ref === child.table ? '' : ` of its partition "${ref.name}"`}`;
  if (cascades && edge?.onDelete !== 'CASCADE') {
    const remedy =
      columns.length > 1
        ? 'Sequelize cannot declare a key of several columns: make it ON DELETE RESTRICT in the database.'
        : `Declare the association with { onDelete: 'CASCADE' }, or make the key ON DELETE RESTRICT in the database.`;
    throw new InstallError(
      `${said} is ON DELETE CASCADE in the database and not in the models, so a deleted parent would leave archived rows that refer to nothing. ${remedy}`,
    );
  }
  if (deferrable && edge && edge.policy !== 'keep') {
    throw new InstallError(
      `${said} is deferrable: a row may then be linked before its parent is there to be looked at. ` +
        'Make it NOT DEFERRABLE (ALTER TABLE … ALTER CONSTRAINT …), or set { guitar: { onSoftDelete: { …: "keep" } } }.',
    );
  }
}
