import type { AnyModel } from '../models/capabilities';
import { derivedName, MAX_IDENTIFIER_BYTES, shortHash, type TableRef, truncateBytes } from '../sql/identifiers';
import type { Trigger } from './trigger';

/**
 * The name in the database. PostgreSQL fires by name, so it begins with the order; `_` sorts before the letters, so a
 * trigger that changes the row comes before those of ours that stamp it. A DELETE's comes after the one that turns it
 * into a soft delete: it fires for rows that go.
 */
export function triggerName(table: TableRef, { name, order, options }: Trigger, part: 'changes' | 'deletes'): string {
  const begin = part === 'changes' ? 'guitars__' : 'guitars_declared_';
  const whole = `${begin}${String(order).padStart(3, '0')}_${name}`;
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
 * The session setting that switches a trigger off. Known without a database, so the schema is that which the model
 * names, if any.
 */
export function offSetting(model: AnyModel, name: string): string {
  const table = model.getTableName() as string | { schema?: string; tableName: string };
  const { schema, tableName } = typeof table === 'string' ? { schema: '', tableName: table } : table;
  return `guitars.off_${shortHash(`${schema ?? ''}\0${tableName}\0${name}`)}`;
}
