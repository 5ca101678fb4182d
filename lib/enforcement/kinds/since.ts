import { can } from '../../models/capabilities';
import { derivedName, ident, qualified } from '../../sql/identifiers';
import { type EnforcedObject, index } from '../object';
import type { Table } from '../tables';
import { namesOf, partsOf } from './names';

/** The order in which `since` answers: when a row changed last, then its key. */
export function sinceIndex(table: Table): EnforcedObject[] {
  if (!table.models.some((model) => can(model, 'since'))) return [];
  const { created, updated } = namesOf(table);
  const name = derivedName(table.table, 'since');
  const columns = [`GREATEST(${created}, ${updated})`, ...table.key.map(ident)].join(', ');
  const create = `CREATE INDEX IF NOT EXISTS ${ident(name)} ON ${qualified(table.table)} (${columns})`;
  return [index(partsOf(table), name, create)];
}
