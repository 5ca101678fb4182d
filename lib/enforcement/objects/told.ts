import type { Listed } from './list';

/** `trigger guitars_stamp on app.city` */
export function told({ kind, name, table }: Pick<Listed, 'kind' | 'name' | 'table'>): string {
  return `${kind} ${name}${table ? ` on ${table.schema}.${table.name}` : ''}`;
}
