import type { AnyModel } from '../models/capabilities';
import { derivedName, MAX_IDENTIFIER_BYTES, shortHash, type TableRef, truncateBytes } from '../sql/identifiers';
import { DECLARED } from '../sql/names';
import type { Trigger } from './trigger';

/** The name in the database. PostgreSQL fires by name, so it begins with the order. */
export function triggerName(table: TableRef, { name, order, options }: Trigger, part: keyof typeof DECLARED): string {
  const whole = `${DECLARED[part]}${String(order).padStart(3, '0')}_${name}`;
  // SET CONSTRAINTS finds a constraint by its name in the whole schema.
  const alone = options.timing === undefined && Buffer.byteLength(whole) <= MAX_IDENTIFIER_BYTES;
  if (alone) return whole;
  const tail = `_${shortHash(`${table.schema}\0${table.name}\0${name}`)}`;
  return truncateBytes(whole, MAX_IDENTIFIER_BYTES - tail.length) + tail;
}

/** The name of a trigger's function in the schema `guitars`. */
export const functionName = (table: TableRef, { name }: Trigger) =>
  derivedName({ schema: table.schema, name: table.name }, `t${shortHash(name)}`);

/**
 * The session setting that switches a trigger off. Known without a database, and the same for a model in several
 * schemas: it goes by the names of the table and of the trigger alone.
 */
export function offSetting(model: AnyModel, name: string): string {
  const table = model.getTableName() as string | { tableName: string };
  return `guitars.off_${shortHash(`${typeof table === 'string' ? table : table.tableName}\0${name}`)}`;
}
