import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';

/**
 * SQL: the rows of the model's table that changed after a cursor, the table under the model's name.
 *
 * Its place is '../changes/since'; criteria.ts is to import it from there.
 */
export function changedSince(model: ModelClass, _cursor: unknown): string {
  throw new DefinitionError(`${model.name}.since({ cursor }) takes cursors of changes(), which this version has not.`);
}
