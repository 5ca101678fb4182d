import { literal, qualified } from '../sql/identifiers';
import { SCHEMA } from '../sql/names';
import type { EnforcedObject } from './object';

/** Kinds whose definition is sealed: the comment keeps what was asked for and what the catalog made of it. */
export const SEALED: readonly string[] = ['function', 'trigger', 'rule', 'index', 'sequence'];

/** The table whose namespace an object's name lives in, or undefined for those in the schema `guitars`. */
export function homeOf(object: EnforcedObject): string {
  const inSchema = object.kind === 'function' || object.kind === 'sequence';
  return qualified(inSchema ? { schema: SCHEMA, name: object.name } : object.table);
}

/** SQL that follows the creation of an object: its seal, and what it calls for besides. */
export function sealOf(object: EnforcedObject): string[] {
  const after = object.after ? [object.after] : [];
  if (!SEALED.includes(object.kind)) return after;
  const args = [object.kind, qualified(object.table), object.name, object.digest].map(literal).join(', ');
  return [`SELECT guitars.seal(${args})`, ...after];
}
