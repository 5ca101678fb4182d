import type { BelongsToMany, FindOptions, HasMany, Model } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { type Between, pairsOf } from './pairs';
import { keyed, scopedTo } from './scoped';

/** What of the targets is shown. */
interface Shown {
  readonly fields: readonly string[];
  readonly limit: number;
  readonly archived: boolean;
}

/** What of Sequelize's options the queries heed. */
type How = Pick<FindOptions, 'transaction' | 'logging' | 'benchmark' | 'useMaster'>;

/**
 * An association through another table as one that Sequelize loads by queries of its own, for all rows at once: of those
 * through a table it does so itself by joins alone, which know no limit for each row.
 */
export function separately(association: BelongsToMany, shown: Shown): HasMany {
  const between = association as Between;
  const { as, target, sourceKey } = between;
  const [foreignKey] = keysOf(between);
  const get = (instances: readonly Model[], options: FindOptions) => load(between, shown, instances, howOf(options));
  // Sequelize selects the foreignKey of the target.
  const members = Object.entries({ as, target, sourceKey, foreignKey, get });
  const own = members.map(([name, value]) => [name, { value, enumerable: true }] as const);
  return Object.create(between.manyFromSource, Object.fromEntries(own)) as HasMany;
}

/** The attributes by which targets are told apart, and in whose order they are. */
function keysOf({ target, targetKey }: Between): readonly string[] {
  const { primaryKeyAttributes } = target as ModelClass;
  return primaryKeyAttributes.length > 0 ? primaryKeyAttributes : [targetKey];
}

const howOf = ({ transaction, logging, benchmark, useMaster }: FindOptions & How): How => ({
  ...(transaction === undefined ? {} : { transaction }),
  ...(logging === undefined ? {} : { logging }),
  ...(benchmark === undefined ? {} : { benchmark }),
  ...(useMaster === undefined ? {} : { useMaster }),
});

/** The targets of each row, by its source key as Sequelize asks for them. Two queries, of however many rows. */
async function load(
  between: Between,
  shown: Shown,
  instances: readonly Model[],
  how: How,
): Promise<Record<string, Model[]>> {
  const { sourceKey } = between;
  const keyOf = (instance: Model) => instance.getDataValue(sourceKey as never) as unknown;
  const values = instances.map(keyOf).filter((value) => value !== null && value !== undefined);
  const names = keysOf(between);
  const pairs = values.length > 0 ? await pairsOf(between, { ...shown, names, values }, how) : [];
  const targets = await targetsOf(
    between,
    names,
    pairs.map(({ target }) => target),
    shown,
    how,
  );
  const lists = new Map<string, Model[]>();
  for (const { source, target } of pairs) {
    const found = targets.get(identity(target));
    if (found) lists.set(String(source), [...(lists.get(String(source)) ?? []), found]);
  }
  const shownAs = (instance: Model) => String(instance.get(sourceKey as never));
  return Object.fromEntries(instances.map((each) => [shownAs(each), lists.get(String(keyOf(each))) ?? []]));
}

const identity = (key: readonly unknown[]) => JSON.stringify(key);

/** The rows of these keys, by key, as far as they still are to be seen. */
async function targetsOf(
  { target }: Between,
  names: readonly string[],
  keys: readonly (readonly unknown[])[],
  { fields, archived }: Shown,
  how: How,
): Promise<Map<string, Model>> {
  const distinct = [...new Map(keys.map((key) => [identity(key), key])).values()];
  if (distinct.length === 0) return new Map();
  const found = await inside(target).findAll({
    ...how,
    attributes: [...new Set([...fields, ...names])],
    ...scopedTo(target as ModelClass, archived, [keyed(names, distinct)]),
    // A scope may have a limit, which is none of all these rows.
    limit: distinct.length,
  });
  return new Map(found.map((row) => [identity(names.map((name) => row.getDataValue(name as never))), row]));
}
