import { refOf } from '../../enforcement/tables';
import { DefinitionError } from '../../errors';
import { can, type ModelClass } from '../../models/capabilities';
import { ident, literal, MAX_IDENTIFIER_BYTES, qualified } from '../../sql/identifiers';
import { historyOf } from '../definition';
import { faultArguments } from './ask';
import { type Cursor, read } from './cursor';
import { seen, unseen } from './snapshot';

/**
 * SQL: the rows of the model's table, under the model's name, that changed behind a cursor of `changes()` or `cursor()`.
 *
 * @throws DefinitionError the model keeps no history; CursorError it is no cursor of the model, or has expired
 */
export function changedSince(model: ModelClass, given: unknown): string {
  if (!can(model, 'versioned')) {
    throw new DefinitionError(
      `${model.name}.since({ cursor }): only a history has cursors. Apply Versioned(…) before it is initialised, or give a { timestamp }.`,
    );
  }
  const cursor = read(model.name, given);
  const { history, key } = historyOf(model, () => '');
  const { schema, name } = refOf(model.getTableName(), () => '');
  if (!schema && Buffer.byteLength(`${name}_history`) > MAX_IDENTIFIER_BYTES) {
    throw new DefinitionError(
      `${model.name}.since({ cursor }): what the history of so long a table is called depends on its schema. Name it: { schema }.`,
    );
  }
  const table = schema ? qualified(history) : ident(history.name);
  const own = key.map((column) => `${ident(model.name)}.${ident(column)}`).join(', ');
  return `(SELECT guitars.history_position(${faultArguments(literal(table), cursor)})) AND (${own}) IN (
    SELECT ${key.map((column) => `e.${ident(column)}`).join(', ')} FROM ${table} AS e WHERE ${behind(cursor)})`;
}

/** SQL: what is behind a cursor, of its window and later ones; of entries from another server, what it has yet to read. */
function behind({ from, to, last, ceiling }: Cursor): string {
  const known = ['e._transaction < pg_snapshot_xmax(pg_current_snapshot())::text::bigint'];
  if (from) known.push(unseen(from, 'e._transaction'));
  if (ceiling !== undefined) known.push(`e._entry > ${ceiling}`);
  if (to) known.push(`(e._entry > ${last} OR NOT (${seen(to, 'e._transaction')}))`);
  const foreign = !from && ceiling !== undefined ? ` OR (e._entry > ${last} AND e._entry <= ${ceiling})` : '';
  return `((${known.join(' AND ')})${foreign})`;
}
