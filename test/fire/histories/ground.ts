import type pg from 'pg';
import type { Random } from '../../support/random';
import { TABLES, type Table } from './graph';
import { POOL, rowOf } from './load/choose';
import type { Row } from './load/operation';
import { insert, literalOf } from './load/sql';

const FILLED = Math.floor((POOL * 2) / 3);

/** Empties the tables and the observer's log, and fills the tables anew with rows all of which are live. */
export async function plant(client: pg.Client, random: Random): Promise<void> {
  await client.query(`BEGIN; SET LOCAL fire.op = 'seed'; SET LOCAL guitars.hard_delete = on;
    TRUNCATE ${TABLES.map(({ name }) => name).join(', ')}, shadow.log, shadow.op; SET LOCAL guitars.hard_delete = '';
    ${TABLES.flatMap((table) => rowsOf(random, table)).join(';\n')}; COMMIT`);
}

function rowsOf(random: Random, table: Table): string[] {
  const ids = Array.from({ length: FILLED }, (_, n) => n + 1);
  const keys =
    table.id.length === 1 ? ids.map((id) => ({ id })) : ids.map((n) => ({ hall_id: 1 + (n % 8), number: 1 + (n % 4) }));
  // What refers to a table that has no rows yet is linked later.
  const late = table.keys.filter(({ parent }) => place(parent) > place(table.name));
  const seeds = keys.map((key, n) => {
    const { code, ...row } = rowOf(random, table);
    const links = table.keys
      .filter(({ column }) => !(column in key))
      .map(({ column }) => [column, within(row[column])]);
    const unlinked = Object.fromEntries(late.map(({ column }) => [column, null]));
    return {
      ...row,
      ...Object.fromEntries(links),
      ...unlinked,
      ...key,
      ...(table.coded ? { code: n < 8 ? `c${n}` : null } : {}),
      ...(table.name === 'ticket' ? { number: null } : {}),
    } as Row;
  });
  const backwards = TABLES.flatMap((child) =>
    child.keys
      .filter(({ parent }) => parent === table.name && place(parent) > place(child.name))
      .map(
        ({ column }) => `UPDATE ${child.name} SET ${column} = ${literalOf(1 + random.below(FILLED))} WHERE id % 2 = 0`,
      ),
  );
  return [`${insert(table.name, seeds)} ON CONFLICT DO NOTHING`, ...backwards];
}

const place = (name: string) => TABLES.findIndex((table) => table.name === name);
const within = (link: Row[string] | undefined) => (typeof link === 'number' ? ((link - 1) % FILLED) + 1 : null);
