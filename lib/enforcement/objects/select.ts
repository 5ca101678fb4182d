import type { Sequelize } from 'sequelize';
import { GuitarsError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { KINDS, type Kind } from '../object';
import { enforcedModels } from '../plan';

/** Which objects are meant; all of them where nothing is said. */
export interface Selection {
  /** Names of models. */
  readonly models?: readonly string[];
  /** Names of objects; `*` stands for anything. */
  readonly names?: readonly string[];
  readonly kinds?: readonly string[];
}

/** Is a part of a model's objects meant? */
export const isPartial = ({ names, kinds }: Selection) => Boolean(names?.length || kinds?.length);

/**
 * The models that are meant; undefined for all of them.
 *
 * @throws GuitarsError there is no such model
 */
export function chosenModels(sequelize: Sequelize, { models }: Selection): ModelClass[] | undefined {
  if (!models?.length) return undefined;
  const known = enforcedModels(sequelize);
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
export function chooser({ names, kinds }: Selection): (object: { name: string; kind: Kind }) => boolean {
  for (const kind of kinds ?? []) {
    if (KINDS.includes(kind as Kind)) continue;
    throw new GuitarsError(`There is no kind "${kind}" of enforced object. Use one of: ${KINDS.join(', ')}.`);
  }
  const patterns = names?.map((name) => new RegExp(`^${name.split('*').map(literally).join('.*')}$`, 's'));
  return ({ name, kind }) =>
    (!patterns?.length || patterns.some((pattern) => pattern.test(name))) && (!kinds?.length || kinds.includes(kind));
}

const literally = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
