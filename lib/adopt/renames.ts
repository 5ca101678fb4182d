import type { Table } from '../enforcement/tables';
import { GuitarsError } from '../errors';
import { timesOf } from '../models/attributes';
import { columnOf, inside } from '../models/internals';
import type { TimeNames } from '../models/options';
import type { Columns } from './facts';
import { refuseTime } from './times';

/** Under what names a table has the times that knows Sequelize, or the habits of others. */
const USUAL: Record<keyof TimeNames, readonly string[]> = {
  createdAt: ['createdAt', 'created_at'],
  updatedAt: ['updatedAt', 'updated_at'],
  deletedAt: ['deletedAt', 'deleted_at'],
};

/** A table, and the columns that it has now. */
export interface Described {
  readonly table: Table;
  readonly columns: Columns;
}

/** A renaming that the user asks for, of each of these tables that has the column. */
export interface Asked {
  readonly tables: readonly Table[];
  readonly from: string;
  readonly to: string;
}

/**
 * Reads `old=new` and `Model.old=new`.
 *
 * @throws GuitarsError what is asked for fits none of the tables
 */
export function readRenames(pairs: readonly string[], described: readonly Described[]): Asked[] {
  return pairs.map((pair) => {
    const [, old = '', to = ''] = /^(.+)=(.+)$/.exec(pair) ?? [];
    const model = described
      .flatMap(({ table }) => table.models)
      .find(({ name }) => old.startsWith(`${name}.`) && old.length > name.length + 1);
    const from = model ? old.slice(model.name.length + 1) : old;
    const meant = described.filter(({ table }) => !model || table.models.includes(model));
    const named = meant.filter(({ table }) => oursOf(table).includes(to));
    if (!from || named.length === 0) {
      const names = [...new Set(meant.flatMap(({ table }) => oursOf(table)))];
      throw new GuitarsError(
        `--rename ${pair}: say old=new or Model.old=new, where new is a column of ${told(meant)}: ${names.join(', ')}.`,
      );
    }
    if (!named.some(({ columns }) => columns.has(from) || columns.has(to)))
      throw new GuitarsError(
        `--rename ${pair}: ${named.length > 1 ? 'the tables' : 'the table'} of ${told(named)} ${named.length > 1 ? 'have' : 'has'} ` +
          `no column "${from}". Name one that is there, as old=new or Model.old=new.`,
      );
    return { tables: named.map(({ table }) => table), from, to };
  });
}

const oursOf = ({ model, options }: Table) => timesOf(model).map((time) => options.columns[time]);
const told = (described: readonly Described[]) => described.map(({ table }) => table.name).join(', ');

/**
 * Which columns of a table are to bear our names.
 *
 * @param asked what the user said; `false`: none
 * @throws GuitarsError a column cannot be the time that it is to be
 */
export function renamesFor({ table, columns }: Described, asked: readonly Asked[] | false): Map<string, string> {
  const { model, models, options } = table;
  const renames = new Map<string, string>();
  for (const { tables, from, to } of asked || []) {
    if (tables.includes(table) && columns.has(from) && !columns.has(to)) renames.set(from, to);
  }
  const own = new Set(
    models.flatMap((each) => Object.keys(inside(each).rawAttributes).map((name) => columnOf(each, name))),
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
    refuseTime(table, columns, columns.has(to) ? to : from, time === 'deletedAt');
  }
  return renames;
}
