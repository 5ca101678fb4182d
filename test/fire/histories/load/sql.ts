import { tableNamed } from '../graph';
import type { Operation, Row, Target } from './operation';

/** An operation in SQL. Several statements are sent one by one. */
export function statementsFor({ kind, relation, how, targets, rows }: Operation): string[] {
  const where = whereOf(targets);
  const row = rows[0] ?? {};
  switch (kind) {
    case 'archive':
      if (how === 'update')
        return [`UPDATE ${relation} SET _deleted_at = '2001-01-01Z' WHERE _deleted_at IS NULL AND (${where})`];
      if (how === 'using') return [`DELETE FROM ${relation} USING (VALUES (1)) AS one WHERE ${where}`];
      return [`DELETE FROM ${relation} WHERE ${where}`];
    case 'restore':
      return [`UPDATE ${relation} SET _deleted_at = NULL WHERE _deleted_at IS NOT NULL AND (${where})`];
    case 'hard': {
      const through = ['SET LOCAL guitars.hard_delete = on', `DELETE FROM ${relation} WHERE ${where}`];
      return how === 'leave' ? through : [...through, `SET LOCAL guitars.hard_delete = ''`];
    }
    case 'insert':
      return [`${insert(relation, rows)}${how === 'nothing' ? ' ON CONFLICT DO NOTHING' : ''}`];
    case 'upsert':
      return [upsert(relation, row, how)];
    case 'link':
      return [`UPDATE ${relation} SET ${assignments(row)} WHERE ${where}`];
    case 'edit':
      return [`UPDATE ${relation} SET ${assignments(row)}${LIES[how] ?? ''} WHERE ${where}`];
    case 'remove':
      return [`DELETE FROM ${relation} WHERE ${where}`];
  }
}

/** What no statement may say. The time of an archived row cannot be moved; a live one's is not touched here. */
const LIES: Record<string, string> = {
  lie: `, _updated_at = '2099-12-31Z', _created_at = '1999-01-01Z'`,
  forge: `, _deleted_at = _deleted_at + interval '1 year', _updated_at = _created_at`,
};

export const whereOf = (targets: readonly Target[]): string =>
  targets
    .map(
      (target) =>
        `(${
          Object.entries(target)
            .map(([column, value]) => `${column} = ${value}`)
            .join(' AND ') || 'true'
        })`,
    )
    .join(' OR ');

export const literalOf = (value: Row[string]) => (typeof value === 'string' ? `'${value}'` : String(value ?? 'NULL'));

const assignments = (row: Row) =>
  Object.entries(row)
    .map(([column, value]) => `${column} = ${literalOf(value)}`)
    .join(', ');

export function insert(relation: string, rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => `(${columns.map((column) => literalOf(row[column] ?? null)).join(', ')})`);
  return `INSERT INTO ${relation} (${columns.join(', ')}) VALUES ${values.join(', ')}`;
}

function upsert(relation: string, row: Row, how: string): string {
  const { id } = tableNamed(relation);
  const written = Object.keys(row).filter((column) => !id.includes(column) && (how !== 'code' || column !== 'code'));
  const target = how === 'code' ? '(code) WHERE _deleted_at IS NULL' : `(${id.join(', ')})`;
  return `${insert(relation, [row])} ON CONFLICT ${target} DO UPDATE SET ${written.map((column) => `${column} = EXCLUDED.${column}`).join(', ')}`;
}
