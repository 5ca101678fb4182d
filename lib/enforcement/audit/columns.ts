import { literal, qualified, type TableRef, tableKey } from '../../sql/identifiers';
import { select } from '../catalog';
import { type Finding, failure, type Subject } from './finding';

/**
 * Columns that enforcement stands on and the database has not, since somebody renamed or dropped them; and the subject
 * without the tables and keys that miss one, whose rows cannot be looked at.
 */
export async function columns(subject: Subject): Promise<{ findings: Finding[]; whole: Subject }> {
  const wanted = subject.tables.flatMap(({ name, table, options, key, dated, soft }) => {
    const { createdAt, updatedAt, deletedAt } = options.columns;
    const ours = [...(dated ? [createdAt, updatedAt] : []), ...(soft ? [deletedAt, ...key] : [])];
    return ours.map((column) => ({ model: name, table, column }));
  });
  const linking = subject.edges.flatMap(({ child, column, parent, parentColumn }) => [
    { model: child.name, table: child.table, column },
    { model: child.name, table: parent, column: parentColumn },
  ]);
  const missing = await missingOf(subject, [...wanted, ...linking]);
  const gone = await goneParents(subject);
  if (missing.length === 0) return { findings: gone, whole: subject };
  const lacks = (ref: TableRef, ...names: string[]) =>
    missing.some(
      ({ table, column }) => tableKey(table) === tableKey(ref) && (names.length === 0 || names.includes(column)),
    );
  const tables = subject.tables.filter(({ table }) => !lacks(table));
  const edges = subject.edges.filter(({ child, parent }) => !lacks(child.table) && !lacks(parent));
  const told = new Map(missing.map((each) => [JSON.stringify([each.table, each.column]), each]));
  const findings = [...told.values()].map(({ model, table, column }) =>
    failure(
      'missing_column',
      model,
      `the table ${table.name} has no column "${column}", which enforcement reads and writes, so statements on it fail. Give it back its name, or run your migrations.`,
    ),
  );
  return { findings: [...gone, ...findings], whole: { ...subject, tables, edges } };
}

/** A plain parent that was dropped: archiving a row asks whether its parents by ON DELETE CASCADE keys exist. */
async function goneParents({ sequelize, edges }: Subject): Promise<Finding[]> {
  const asked = edges.filter(({ child, softParent, onDelete }) => child.soft && !softParent && onDelete === 'CASCADE');
  if (asked.length === 0) return [];
  const values = asked.map(({ parent }, n) => `(${n}, to_regclass(${literal(qualified(parent))}))`);
  const rows = await select<{ n: number }>(
    sequelize,
    `SELECT n FROM (VALUES ${values.join(', ')}) AS parents(n, target) WHERE target IS NULL ORDER BY n`,
  );
  return rows.map(({ n }) => {
    const { child, column, parent } = asked[n] as (typeof asked)[number];
    const message = `the table ${parent.name}, to which "${column}" of ${child.table.name} refers, does not exist, so a DELETE of ${child.table.name} fails. Run your migrations or sync(), or take the association out of the models.`;
    return failure('no_table', child.name, message);
  });
}

interface Wanted {
  readonly model: string;
  readonly table: TableRef;
  readonly column: string;
}

async function missingOf({ sequelize }: Subject, wanted: readonly Wanted[]): Promise<Wanted[]> {
  if (wanted.length === 0) return [];
  const values = wanted.map(
    ({ table, column }, n) => `(${n}, to_regclass(${literal(qualified(table))}), ${literal(column)}::name)`,
  );
  const rows = await select<{ n: number }>(
    sequelize,
    `SELECT n FROM (VALUES ${values.join(', ')}) AS wanted(n, target, name) WHERE target IS NOT NULL
      AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = name AND NOT attisdropped) ORDER BY n`,
  );
  return rows.map(({ n }) => wanted[n] as Wanted);
}
