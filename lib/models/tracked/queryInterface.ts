import type { Model, Transaction } from 'sequelize';
import { columnOf, inside, type ModelInternals, within } from '../internals';
import { compared } from './conflict/compare';
import { inserting } from './creation';
import { hasPartners, refuseUnloaded, withPartners } from './groups';
import { columnsOf } from './state';
import { Write } from './write';

type QueryInterface = ModelInternals['queryInterface'];

/** The option under which a save hands its {@link Write} to the statement. A string: Sequelize copies no symbols. */
export const WRITE = 'guitarsWrite';

interface Options {
  [WRITE]?: Write;
  transaction?: Transaction | null;
  instance?: Model;
  returning?: boolean | readonly unknown[];
  bindParam?: unknown;
}

const derived = new WeakMap<QueryInterface, QueryInterface>();

/** The query interface of Tracked models: Sequelize's, which says what it has written and what has come back. */
export function trackedInterface(base: QueryInterface): QueryInterface {
  const known = derived.get(base);
  if (known) return known;
  const made: QueryInterface = Object.assign(Object.create(base) as QueryInterface, {
    update: (...args: Parameters<QueryInterface['update']>) => update(base, ...args),
    async insert(...args: Parameters<QueryInterface['insert']>) {
      const [instance, , , options] = args;
      const landed = inserting(instance, (options as Options).transaction);
      const answer = await base.insert(...args);
      landed();
      return answer;
    },
    async upsert(...args: Parameters<QueryInterface['upsert']>) {
      const answer = await base.upsert(...args);
      const { instance } = args[4] as Options;
      if (instance) within(instance)._previousDataValues = { ...within(instance).dataValues };
      return answer;
    },
    increment: (...args: unknown[]) => arithmetic(args, (each) => base.increment(...each)),
    decrement: (...args: unknown[]) => arithmetic(args, (each) => base.decrement(...each)),
  });
  derived.set(base, made);
  return made;
}

async function update(
  base: QueryInterface,
  instance: Model,
  table: unknown,
  given: object,
  where: object,
  options: Options,
): Promise<[Model, number]> {
  const model = instance.constructor;
  const write = options[WRITE] ?? new Write(instance);
  const chosen = columnsOf(model).filter((name) => Object.hasOwn(given, columnOf(model, name)));
  // Again, since a hook may have changed one of a group.
  const names = withPartners(model, chosen);
  refuseUnloaded(instance, names);
  const valueTo = (name: string) =>
    chosen.includes(name)
      ? (given as Record<string, unknown>)[columnOf(model, name)]
      : within(instance).dataValues[name];
  const values = new Map(names.map((name) => [name, valueTo(name)]));
  write.send(values);
  const columns = {
    ...given,
    ...Object.fromEntries([...values].map(([name, value]) => [columnOf(model, name), value])),
  };
  const [row, count] = await compared(instance, guarded(instance, write), where, options, (condition) =>
    collected(instance, (standIn) =>
      base.update(standIn, table, columns, condition, { ...options, returning: returning(model, names, options) }),
    ),
  );
  if (count > 0) write.land(row, options.transaction);
  if (count > 0 && !options[WRITE]) write.settle();
  return [instance, count];
}

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

/** Has the statement write what it returns into a stand-in: Sequelize would write it over what is unsaved. */
async function collected(
  instance: Model,
  send: (standIn: Model) => Promise<[unknown, number]>,
): Promise<[Map<string, unknown>, number]> {
  const dataValues: Record<string, unknown> = {};
  const standIn = Object.create(instance, { dataValues: { value: dataValues } }) as Model;
  try {
    const [, count] = await send(standIn);
    return [
      new Map(
        columnsOf(instance.constructor)
          .filter((name) => name in dataValues)
          .map((name) => [name, dataValues[name]]),
      ),
      count,
    ];
  } catch (error) {
    for (const each of (error as { errors?: { instance?: unknown }[] }).errors ?? [])
      if (each.instance === standIn) each.instance = instance;
    throw error;
  }
}

/** An increment of an instance returns the whole row. */
async function arithmetic(args: unknown[], send: (args: unknown[]) => Promise<unknown>): Promise<unknown> {
  const options = args.at(-1) as Options;
  const { instance } = options;
  if (!instance) return send(args);
  let answer: unknown;
  const [row] = await collected(instance, async (standIn) => {
    answer = await send([...args.slice(0, -1), { ...options, instance: standIn }]);
    return [standIn, 1];
  });
  new Write(instance).land(row, options.transaction);
  return answer;
}
