import type { Kind } from '../../enforcement/object';

/** What a step does to an object. */
export type Action = 'create' | 'replace' | 'retire';

/** What a generated migration does to one enforced object, with its SQL both ways. `shared`: the package's own functions. */
export interface Step {
  readonly action: Action;
  readonly kind: Kind | 'shared';
  /** Qualified and quoted; empty for `shared`. */
  readonly table: string;
  readonly name: string;
  /** Of what stands after the step; empty after `retire`. */
  readonly digest: string;
  readonly up: readonly string[];
  /** Puts back what stood before. */
  readonly down: readonly string[];
  /** Of a replacement: what would remove the object. Of a creation, `down` does. */
  readonly drop?: readonly string[];
}

/** `create trigger guitars_stamp on "app"."article"` */
export function told({ action, kind, name, table }: Pick<Step, 'action' | 'kind' | 'name' | 'table'>): string {
  return `${action} ${kind} ${name}${table ? ` on ${table}` : ''}`;
}

/** By what an object is known across migrations. */
export const keyOf = ({ kind, table, name }: Pick<Step, 'kind' | 'table' | 'name'>) =>
  JSON.stringify([kind, table, name]);
