import type { ModelClass } from '../../../models/capabilities';
import { typeOf } from '../../../models/values';
import { TIME } from '../../query/values';
import type { Schema } from '../types';
import { whole } from './numbers';

/** A time in a key: as JavaScript writes it. */
const EXACT_TIME = '^[+-]?\\d{4,6}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$';
const NUMBER: Schema = { type: 'number' };

/** By the name that Sequelize has for the type. */
const TEXTS: Readonly<Record<string, Schema>> = {
  TINYINT: whole(16),
  SMALLINT: whole(16),
  MEDIUMINT: whole(32),
  INTEGER: whole(32),
  BIGINT: { type: 'integer', format: 'int64' },
  REAL: NUMBER,
  FLOAT: NUMBER,
  'DOUBLE PRECISION': NUMBER,
  DECIMAL: { type: 'string', pattern: '^-?[0-9]+(?:\\.[0-9]+)?$' },
  BOOLEAN: { type: 'boolean' },
  UUID: { type: 'string', format: 'uuid' },
  BLOB: { type: 'string', pattern: '^(?:[0-9a-f]{2})*$', description: 'Bytes in hexadecimal.' },
  DATE: {
    type: 'string',
    format: 'date-time',
    pattern: TIME.source,
    description: 'With its zone. A plus is %2B in a query.',
  },
  DATEONLY: { type: 'string', format: 'date' },
};

/** What the text of a parameter has to be that is compared with an attribute. */
export function textSchema(model: ModelClass, attribute: string): Schema {
  const { key = '', values } = typeOf(model, attribute);
  return key === 'ENUM' && values ? { type: 'string', enum: [...values] } : (TEXTS[key] ?? { type: 'string' });
}

/** The same of a part of a key in a path. */
export function keySchema(model: ModelClass, attribute: string, pattern: string): Schema {
  const schema = textSchema(model, attribute);
  if (typeOf(model, attribute).key === 'DATE') return { type: 'string', format: 'date-time', pattern: EXACT_TIME };
  if (schema.type !== 'string' || schema.pattern || schema.format) return schema;
  const marks = 'In the text of a key, "~~" is a tilde and "~." a comma.';
  return schema.enum ? { ...schema, description: marks } : { ...schema, pattern, description: marks };
}
