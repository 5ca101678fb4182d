import type { Table } from '../enforcement/tables';
import { GuitarsError } from '../errors';
import { timesOf } from '../models/attributes';
import { columnOf, inside } from '../models/internals';
import type { TimeNames } from '../models/options';
import type { Columns } from './facts';

/** Under what names a table has the times that knows Sequelize, or the habits of others. */
const USUAL: Record<keyof TimeNames, readonly string[]> = {
  createdAt: ['createdAt', 'created_at'],
  updatedAt: ['updatedAt', 'updated_at'],
  deletedAt: ['deletedAt', 'deleted_at'],
};

const TIMESTAMPTZ = 'timestamp with time zone';

/**
 * Which columns of a table are to bear our names.
 *
 * @param asked `old=new`, as the user said; `false`: none
 * @throws GuitarsError what is asked for does not fit the table, or a time is of a type that has no time zone
 */
export function renamesFor(table: Table, columns: Columns, asked: readonly string[] | false = []): Map<string, string> {
  const { model, options } = table;
  const renames = new Map<string, string>();
  for (const pair of asked || []) explicit(table, columns, pair, renames);
  const own = new Set(
    table.models.flatMap((each) => Object.keys(inside(each).rawAttributes).map((name) => columnOf(each, name))),
  );
  for (const time of timesOf(model)) {
    const to = options.columns[time];
    const named = [...renames.values()].includes(to);
    if (asked !== false && !columns.has(to) && !named) {
      const names = [options.attributes[time], ...USUAL[time]];
      const from = names.find((name) => columns.has(name) && !own.has(name) && !renames.has(name));
      if (from) renames.set(from, to);
    }
    const from = [...renames].find(([, column]) => column === to)?.[0];
    refuseType(table, columns, columns.has(to) ? to : from);
  }
  return renames;
}

function explicit({ name, model, options }: Table, columns: Columns, pair: string, renames: Map<string, string>): void {
  const [, from, to] = /^(.+)=(.+)$/.exec(pair) ?? [];
  const ours = timesOf(model).map((time) => options.columns[time]);
  if (!from || !to || !ours.includes(to)) {
    throw new GuitarsError(`--rename ${pair}: say old=new, where new is a column of ${name}: ${ours.join(', ')}.`);
  }
  if (columns.has(to)) return;
  if (!columns.has(from)) throw new GuitarsError(`--rename ${pair}: the table of ${name} has no column "${from}".`);
  renames.set(from, to);
}

function refuseType({ table }: Table, columns: Columns, column: string | undefined): void {
  const type = column === undefined ? undefined : columns.get(column)?.type;
  if (type === undefined || type === TIMESTAMPTZ) return;
  throw new GuitarsError(
    `The column "${column}" of "${table.name}" is ${type}, not ${TIMESTAMPTZ}. Change its type first (most changes rewrite the table: ` +
      `ALTER TABLE … ALTER COLUMN … TYPE timestamptz USING … AT TIME ZONE 'UTC'), or leave it as it is and add a column of ours: --no-rename.`,
  );
}
