import { DefinitionError } from '../../errors';
import { type AnyModel, optionsOf } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { attributeOf, fresh, old, type Scope } from '../fragment';
import { same } from './compare';
import { Condition } from './condition';

/** Which columns a condition on changes looks at; by default all but generated ones. */
export interface ChangedFields {
  /** These attributes. */
  readonly fields?: readonly string[];
  /** All but these. */
  readonly exclude?: readonly string[];
  /** All but the time of creation and of the last update. Default: false. */
  readonly excludeTimestamps?: boolean;
}

/** One of the columns changes. @example anyChange({ exclude: ['viewCount'], excludeTimestamps: true }) */
export const anyChange = (fields: ChangedFields = {}) => changes('anyChange', fields, 'OR', false);
/** All of the columns change. */
export const allChange = (fields: ChangedFields = {}) => changes('allChange', fields, 'AND', false);
/** One of the columns stays as it is. */
export const anyDontChange = (fields: ChangedFields = {}) => changes('anyDontChange', fields, 'OR', true);
/** All of the columns stay as they are. */
export const allDontChange = (fields: ChangedFields = {}) => changes('allDontChange', fields, 'AND', true);

function changes(name: string, fields: ChangedFields, operator: 'AND' | 'OR', stays: boolean): Condition {
  if (fields.fields && (fields.exclude || fields.excludeTimestamps)) {
    throw new DefinitionError(`${name}() takes the fields to look at, or those to leave out, not both.`);
  }
  return new Condition((scope) => {
    const parts = changedFields(scope, fields).map((field) => {
      const equal = same(old(field), fresh(field), scope);
      return stays ? equal : `(NOT ${equal})`;
    });
    return `(${parts.join(` ${operator} `)})`;
  });
}

/**
 * The attributes that are meant.
 *
 * @throws DefinitionError none is left, or one is not there
 */
export function changedFields(
  scope: Scope,
  { fields, exclude = [], excludeTimestamps = false }: ChangedFields,
): string[] {
  for (const name of [...(fields ?? []), ...exclude]) attributeOf(scope, name);
  const { rawAttributes, _virtualAttributes } = inside(scope.model);
  const { createdAt, updatedAt } = timesOf(scope.model);
  const times = excludeTimestamps ? [createdAt, updatedAt] : [];
  const left = Object.keys(rawAttributes).filter(
    (name) =>
      !_virtualAttributes?.has(name) &&
      !isGenerated(rawAttributes[name]?.type) &&
      !exclude.includes(name) &&
      !times.includes(name),
  );
  const meant = fields ? [...fields] : left;
  if (meant.length > 0) return meant;
  throw new DefinitionError(
    `The trigger "${scope.trigger}" looks at no column of ${scope.model.name}. Leave fewer out.`,
  );
}

/** The attributes that hold the times kept for a model; those that it has. */
export function timesOf(model: AnyModel): Partial<Record<'createdAt' | 'updatedAt' | 'deletedAt', string>> {
  const { rawAttributes, _timestampAttributes } = inside(model);
  const names = Object.entries({ ...optionsOf(model)?.attributes, ..._timestampAttributes });
  return Object.fromEntries(names.filter(([, name]) => name in rawAttributes));
}

/** A generated column follows the others; a BEFORE trigger does not see what it will be. An identity does not follow. */
export const isGenerated = (type: unknown) =>
  /\bGENERATED\s+ALWAYS\s+AS\s*\(/i.test(typeof type === 'string' ? type : '');
