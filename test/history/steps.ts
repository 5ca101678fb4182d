import fc from 'fast-check';
import type pg from 'pg';

const KINDS = [
  'insert',
  'upsert',
  'update',
  'updateAll',
  'archive',
  'archiveAll',
  'restore',
  'remove',
  'key',
  'swap',
  'begin',
  'savepoint',
  'back',
  'commit',
  'rollback',
  'snapshot',
] as const;

/** One thing that one writer does, or a look at the table. */
export interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly by: number;
  readonly row: number;
  readonly value: number;
}

/** What some writers do, one after the other. */
export const steps = (writers: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS, 'insert', 'update', 'snapshot', 'snapshot'),
      by: fc.nat(writers - 1),
      row: fc.integer({ min: 1, max: 6 }),
      value: fc.nat(99),
    }),
    { minLength: 5, maxLength: 24, size: 'max' },
  );

/**
 * A writer: each of its statements by itself, or in the transaction that it has begun. What it has to wait for, or what is refused,
 * it leaves.
 */
export function doing(client: pg.Client, table: string): (step: Step) => Promise<void> {
  let open = false;
  let marks = 0;
  const statement = async (sql: string) => {
    if (open) await client.query('SAVEPOINT step');
    try {
      await client.query(sql);
    } catch (error) {
      if (!/^(23|55P03|40)/.test((error as { code?: string }).code ?? '')) throw error;
      await client.query(open ? 'ROLLBACK TO step' : 'ROLLBACK');
    }
  };
  const end = async (how: string) => {
    if (open) await client.query(how);
    open = false;
    marks = 0;
  };
  return async ({ kind, row, value }) => {
    const meta = `'{"n": 1${value}.12345678901234567890}'`;
    switch (kind) {
      case 'insert':
        return statement(
          `INSERT INTO ${table} (id, title, meta) SELECT n, ${value}, ${meta} FROM generate_series(${row}, ${row + (value % 3)}) AS n`,
        );
      case 'upsert':
        return statement(
          `INSERT INTO ${table} (id, title) VALUES (${row}, 'u'), (${row + 1}, 'v') ON CONFLICT (id) DO UPDATE SET title = '${value}'`,
        );
      case 'update':
        return statement(`UPDATE ${table} SET title = ${value}, meta = ${meta} WHERE id = ${row}`);
      case 'updateAll':
        return statement(`UPDATE ${table} SET "the secret" = ${value}`);
      case 'archive':
        return statement(`DELETE FROM ${table} WHERE id = ${row}`);
      case 'archiveAll':
        return statement(`DELETE FROM ${table} WHERE id > ${row}`);
      case 'restore':
        return statement(`UPDATE ${table} SET _deleted_at = NULL WHERE _deleted_at IS NOT NULL AND id >= ${row}`);
      case 'remove':
        return statement(
          `DO $$ BEGIN PERFORM set_config('guitars.hard_delete', 'on', true); DELETE FROM ${table} WHERE id = ${row};
            PERFORM set_config('guitars.hard_delete', '', true); END $$`,
        );
      case 'key':
        return statement(`UPDATE ${table} SET id = ${(value % 6) + 1}, title = 'key' WHERE id = ${row}`);
      case 'swap':
        // Of a unique key that is checked by row, only one direction is free of collisions; the rest is refused.
        return statement(`UPDATE ${table} SET id = id + 1 WHERE id >= ${row}`);
      case 'begin':
        if (!open) await client.query(`BEGIN ISOLATION LEVEL ${value % 3 ? 'READ COMMITTED' : 'REPEATABLE READ'}`);
        open = true;
        return;
      case 'savepoint':
        if (open) await client.query(`SAVEPOINT mark${++marks}`);
        return;
      case 'back':
        if (open && marks > 0) await client.query(`ROLLBACK TO mark${marks--}`);
        return;
      case 'rollback':
        return end('ROLLBACK');
      case 'commit':
        return end('COMMIT');
    }
  };
}
