import type { EnforcedObject } from '../../enforcement/object';
import type { SchemaOf } from '../../enforcement/tables';
import type { ModelClass } from '../../models/capabilities';
import type { TableRef } from '../../sql/identifiers';
import { historyOf } from '../definition';
import { capture } from './capture';
import { appendOnly, revisionGuard } from './guards';
import { historyIndexes } from './indexes';
import { historyTable } from './table';
import { version } from './version';

/** The objects that a versioned model calls for. */
export function historyObjects(
  model: ModelClass,
  schemaOf: SchemaOf,
  partitionsOf?: (table: TableRef) => readonly TableRef[],
): EnforcedObject[] {
  const history = historyOf(model, schemaOf, partitionsOf);
  return [
    ...version(history),
    historyTable(history),
    ...capture(history),
    ...appendOnly(history),
    ...revisionGuard(history),
    ...historyIndexes(history),
  ];
}
