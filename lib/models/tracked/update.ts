import type { Model } from 'sequelize';
import { columnOf, inside, transactionOf, within } from '../internals';
import { compared } from './conflict/compare';
import { hasPartners, refuseUnloaded, withPartners } from './groups';
import type { Options, QueryInterface } from './queryInterface';
import { withStandIn } from './standIn';
import { columnsOf } from './state';
import { Write } from './write';

type Columns = Record<string, unknown>;

/** The UPDATE of a save: `write` is that save's, if there is one. */
export async function update(
  base: QueryInterface,
  write: Write | undefined,
  [instance, table, columns, where, options]: Parameters<QueryInterface['update']>,
): Promise<[Model, number]> {
  const model = instance.constructor;
  const values = valuesOf(instance, columns as Columns);
  const own = write ?? new Write(instance);
  own.send(values);
  const all = { ...columns, ...byColumn(model, values) };
  const { returned, count } = await compared(instance, guarded(instance, own), where, options, (condition) =>
    withStandIn(instance, (standIn, named) =>
      base.update(standIn, table, all, condition, {
        ...options,
        ...(named ? { model: named } : {}),
        returning: returning(model, [...values.keys()], options),
      }),
    ),
  );
  if (count > 0) own.land(returned, transactionOf(model, (options as Options).transaction));
  return [instance, count];
}

/** What is written, by attribute: with the partners again, since a hook may have changed one of a group. */
function valuesOf(instance: Model, columns: Columns): Map<string, unknown> {
  const model = instance.constructor;
  const given = columnsOf(model).filter((name) => Object.hasOwn(columns, columnOf(model, name)));
  const names = withPartners(model, given);
  refuseUnloaded(instance, names);
  const { dataValues } = within(instance);
  return new Map(names.map((name) => [name, given.includes(name) ? columns[columnOf(model, name)] : dataValues[name]]));
}

const byColumn = (model: object, values: ReadonlyMap<string, unknown>): Columns =>
  Object.fromEntries([...values].map(([name, value]) => [columnOf(model, name), value]));

/** The columns that the UPDATE has to find as they were read, with what was read. */
function guarded(instance: Model, { sent, detect }: Write): Map<string, unknown> {
  const { _timestampAttributes, _versionAttribute } = inside(instance.constructor);
  const own = [_timestampAttributes?.updatedAt, _versionAttribute];
  const meant = [...sent].filter(
    ([name, { dirty }]) => !own.includes(name) && (detect || (!dirty && hasPartners(instance.constructor, name))),
  );
  return new Map(meant.map(([name, { known }]) => [name, known]));
}

/** What the database makes of what is written comes back, unless the caller says that nothing shall. */
function returning(model: object, names: readonly string[], { returning }: Options): Options['returning'] {
  if (returning === true || returning === false) return returning;
  return [...new Set([...(returning ?? []), ...names.map((name) => columnOf(model, name))])];
}
