import type { ModelClass } from '../../../models/capabilities';
import { inside } from '../../../models/internals';
import type { Schema } from '../types';
import { both, ruleSchema } from './rules';
import { type DataType, type Direction, nullable, typeSchema } from './type';

interface Attribute {
  readonly type?: DataType;
  readonly allowNull?: boolean;
  readonly primaryKey?: boolean;
  readonly autoIncrement?: boolean;
  readonly defaultValue?: unknown;
  readonly comment?: string;
  readonly validate?: Readonly<Record<string, unknown>>;
  readonly get?: unknown;
  readonly set?: unknown;
}

const attributeOf = (model: ModelClass, name: string) => (inside(model).rawAttributes[name] ?? {}) as Attribute;

/** May it be null? */
const mayBeNull = ({ allowNull, primaryKey }: Attribute) => allowNull !== false && !primaryKey;

/** The values of an attribute in JSON. What a getter or setter of the model's makes of them is not known. */
export function attributeSchema(model: ModelClass, name: string, direction: Direction): Schema {
  const attribute = attributeOf(model, name);
  const { type = {}, comment, validate, get, set } = attribute;
  const description = comment === undefined ? {} : { description: comment };
  if (direction === 'read' ? get : set) return description;
  const ofType = typeSchema(type, direction);
  const rules = direction === 'write' ? rulesOf(ofType, validate) : {};
  const schema = { ...both(ofType, rules), ...standard(attribute, direction), ...description };
  return mayBeNull(attribute) || type.key === 'VIRTUAL' ? nullable(schema) : schema;
}

/** Lists of text say nothing of a number. */
function rulesOf({ type }: Schema, validate: Attribute['validate']): Schema {
  const { enum: values, ...rules } = ruleSchema(validate);
  return values && type === 'string' ? { ...rules, enum: values } : rules;
}

function standard({ defaultValue }: Attribute, direction: Direction): Schema {
  const isPlain = ['string', 'number', 'boolean'].includes(typeof defaultValue);
  return direction === 'write' && isPlain ? { default: defaultValue } : {};
}

/** Has a body to say it, since nobody else would? */
export function isRequired(model: ModelClass, name: string): boolean {
  const attribute = attributeOf(model, name);
  const { defaultValue, autoIncrement } = attribute;
  return !mayBeNull(attribute) && !autoIncrement && (defaultValue === undefined || defaultValue === null);
}
