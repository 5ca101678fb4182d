import type { ModelClass } from '../../../models/capabilities';
import type { Include } from '../../query/includes';
import type { Settings } from '../../settings';
import type { Schema } from '../types';
import { attributeSchema, isRequired } from './attribute';
import { nullable } from './type';

/** An object of these members alone. */
export const closed = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
});

/** What `serialize` makes of a row. */
const OPEN: Schema = { type: 'object', description: 'As the application writes a row.', additionalProperties: true };

type Ease = (schema: Schema) => Schema;
const asIs: Ease = (schema) => schema;

const fieldsOf = (model: ModelClass, fields: readonly string[], ease: Ease) =>
  Object.fromEntries(fields.map((name) => [name, ease(attributeSchema(model, name, 'read'))]));

/** A row as clients see it; `fields` and `include` say what of it is there. */
export function rowSchema({ model, fields, includes, hooks }: Settings, ease: Ease = asIs): Schema {
  if (hooks.serialize) return OPEN;
  const included = [...includes.values()].map((include) => [include.as, includedSchema(include, ease)] as const);
  return closed({ ...fieldsOf(model, fields, ease), ...Object.fromEntries(included) });
}

/** The same of what was: a column may have come later, and hold null. */
export const pastRowSchema = (settings: Settings): Schema => rowSchema(settings, nullable);

function includedSchema({ target, many, fields, limit, as }: Include, ease: Ease): Schema {
  const row = closed(fieldsOf(target, fields, ease));
  const description = `Where "include" has "${as}".`;
  return many ? { type: 'array', items: row, maxItems: limit, description } : { ...nullable(row), description };
}

/** A body that makes a row. */
export function createSchema({ model, writable }: Settings): Schema {
  return bodySchema(model, writable, true);
}

/** A body that writes a row whole: what it does not say gets its default. The key of a row stays as it is. */
export const replaceSchema = (settings: Settings): Schema => bodySchema(settings.model, changeable(settings), true);

/** A body that writes what it says. */
export const updateSchema = (settings: Settings): Schema => bodySchema(settings.model, changeable(settings), false);

const changeable = ({ model, writable }: Settings) =>
  writable.filter((name) => !model.primaryKeyAttributes.includes(name));

function bodySchema(model: ModelClass, names: readonly string[], whole: boolean): Schema {
  // What a part of a row does not say stays as it is.
  const ease: Ease = whole ? asIs : ({ default: _, ...schema }) => schema;
  const properties = Object.fromEntries(names.map((name) => [name, ease(attributeSchema(model, name, 'write'))]));
  return closed(properties, whole ? names.filter((name) => isRequired(model, name)) : []);
}
