import type { Sequelize } from 'sequelize';
import { GuitarsError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { type EnforcedObject, KINDS, type Kind } from '../object';
import { servedModels } from '../plan';

/** Which objects are meant; all of them where nothing is said. */
export interface Selection {
  /** Names of models. */
  readonly models?: readonly string[];
  /** Names of objects; `*` stands for anything. */
  readonly names?: readonly string[];
  readonly kinds?: readonly string[];
}

/** What an object is chosen by. */
type Named = Pick<EnforcedObject, 'name' | 'kind' | 'declared'>;

/** Is a part of a model's objects meant? */
export const isPartial = ({ names, kinds }: Selection) => Boolean(names?.length || kinds?.length);

/**
 * The models that are meant; undefined for all of them.
 *
 * @throws GuitarsError there is no such model
 */
export function chosenModels(sequelize: Sequelize, { models }: Selection): ModelClass[] | undefined {
  if (!models?.length) return undefined;
  const known = servedModels(sequelize);
  return models.map((name) => {
    const found = known.find((model) => model.name === name);
    if (found) return found;
    const names = known.map((model) => model.name).join(', ');
    throw new GuitarsError(`There is no enforced model "${name}". Use one of: ${names || '(there is none)'}.`);
  });
}

/**
 * Whether an object is meant, by name and kind.
 *
 * @throws GuitarsError there is no such kind
 */
export function chooser({ names, kinds }: Selection): (object: Named) => boolean {
  for (const kind of kinds ?? []) {
    if (KINDS.includes(kind as Kind)) continue;
    throw new GuitarsError(`There is no kind "${kind}" of enforced object. Use one of: ${KINDS.join(', ')}.`);
  }
  return (object) =>
    (!names?.length || names.some((pattern) => matches(pattern, object))) &&
    (!kinds?.length || kinds.includes(object.kind));
}

/**
 * Refuses a name that means none of the objects that there are, of the models and kinds that are meant: a slip of the
 * pen would pass for nothing to do.
 *
 * @throws GuitarsError with the name
 */
export function refuseUnmatched({ models, names, kinds }: Selection, objects: readonly Named[]) {
  const candidates = objects.filter(chooser({ kinds }));
  const unmatched = names?.filter((pattern) => !candidates.some((object) => matches(pattern, object))) ?? [];
  if (unmatched.length === 0) return;
  const what = kinds?.length ? kinds.join(' or ') : 'enforced object';
  const of = models?.length ? ` of ${models.join(' or ')}` : '';
  throw new GuitarsError(
    `There is no ${what}${of} called ${unmatched.map((name) => `"${name}"`).join(' or ')}. See what there is: guitars ls.`,
  );
}

/** Is this the name, or that of the declared trigger, where `*` stands for anything? */
function matches(pattern: string, { name, declared }: Named): boolean {
  const literally = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const regexp = new RegExp(`^${pattern.split('*').map(literally).join('.*')}$`, 's');
  return regexp.test(name) || (declared !== undefined && regexp.test(declared));
}
