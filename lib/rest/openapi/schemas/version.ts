import { versionedOptionsOf } from '../../../history/options';
import { revertible } from '../../history/body';
import type { Settings } from '../../settings';
import type { Schema } from '../types';
import { closed, pastRowSchema } from './model';
import { NUMBER_OF_VERSION } from './numbers';

const OPERATIONS = ['insert', 'update', 'archive', 'restore', 'delete', 'baseline'];
const TEXT: Schema = { type: ['string', 'null'] };

/** What differs, by attribute. */
const CHANGES: Schema = {
  type: 'object',
  additionalProperties: closed({ old: {}, new: {} }, ['old', 'new']),
};

/** A version of a row. */
export function versionSchema(settings: Settings): Schema {
  return closed(
    {
      number: NUMBER_OF_VERSION,
      operation: { type: 'string', enum: OPERATIONS },
      at: { type: 'string', format: 'date-time', description: 'When the transaction began that did it.' },
      actor: TEXT,
      comment: TEXT,
      context: { type: ['object', 'null'] },
      changes: CHANGES,
      values: valuesSchema(settings),
    },
    ['number', 'operation', 'at', 'actor', 'comment', 'context', 'changes', 'values'],
  );
}

function valuesSchema(settings: Settings): Schema {
  const { filter = [] } = versionedOptionsOf(settings.model) ?? {};
  const schema = pastRowSchema({ ...settings, includes: new Map() });
  const { properties } = schema as { properties?: Record<string, Schema> };
  if (!properties) return schema;
  const marker = { ...TEXT, description: 'Whether it changed; its value is not kept.' };
  const marked = filter.filter((name) => name in properties).map((name) => [name, marker]);
  return { ...schema, properties: { ...properties, ...Object.fromEntries(marked) } };
}

/** What differs between two versions. */
export const DIFF: Schema = closed({ from: NUMBER_OF_VERSION, to: NUMBER_OF_VERSION, changes: CHANGES }, [
  'from',
  'to',
  'changes',
]);

/** A body that puts attributes back. */
export function revertFieldsSchema(settings: Settings): Schema {
  const fields = closed(Object.fromEntries(revertible(settings).map((name) => [name, NUMBER_OF_VERSION])));
  return closed({ fields: { ...fields, minProperties: 1 } }, ['fields']);
}

/** A body that puts a row back. */
export const ROLL_BACK: Schema = closed({ version: NUMBER_OF_VERSION }, ['version']);

/** A body that undoes, and says nothing. */
export const UNDO: Schema = closed({}, []);
