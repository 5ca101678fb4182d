import type { Model, ModelStatic, Sequelize } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';

const TAG = Symbol.for('sequelize-guitars.tag');

/** The tag of a model whose instances have handles, else undefined. */
export const tagOf = (model: object): string | undefined => (model as { [TAG]?: string })[TAG];

/** Gives a class that the mixin made its tag. */
export function rememberTag(model: object, tag: string): void {
  Object.defineProperty(model, TAG, { value: tag, configurable: true });
}

/** @throws DefinitionError it is no text, empty, or has a colon in it */
export function refuseTag(tag: unknown): void {
  if (typeof tag === 'string' && tag !== '' && !tag.includes(':')) return;
  const given = tag === undefined ? 'nothing' : typeof tag === 'string' ? JSON.stringify(tag) : String(tag);
  throw new DefinitionError(
    `Handled(Model, { tag }): a tag is text without a colon, and not empty, as { tag: 'org' }; given was ${given}.`,
  );
}

/**
 * The model of an instance that has this tag, else undefined. The instance's own list of models is the registry: a model
 * that is defined anew is there once.
 *
 * @example modelOfTag(sequelize, 'org') // Org
 */
export function modelOfTag(sequelize: Sequelize, tag: string): ModelStatic<Model> | undefined {
  return Object.values(sequelize.models).find((model) => tagOf(model) === tag);
}

/** @throws DefinitionError another model has the tag */
export function refuseTaken(model: ModelClass, name: string, sequelize: Sequelize | undefined): void {
  const tag = tagOf(model);
  if (!sequelize || tag === undefined) return;
  const other = Object.values(sequelize.models).find((each) => tagOf(each) === tag && each.name !== name);
  if (!other) return;
  throw new DefinitionError(
    `${name}: the tag "${tag}" is that of ${other.name}, and one handle would name two rows. Give ${name} another tag.`,
  );
}
