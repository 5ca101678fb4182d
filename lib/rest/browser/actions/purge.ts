import { type Model, type Sequelize, type Transaction, Transaction as Transactions } from 'sequelize';
import { previewDelete } from '../../../enforcement/preview';
import { withRevision } from '../../../history/revision';
import type { SoftDeletableInstance } from '../../../models/softDeletableTypes';
import { type Key, keyOfSegment } from '../../key';
import { malformed, ProblemError } from '../../problem/problem';
import { type Html, html } from '../html';
import { findRow } from '../rows';
import type { Shelf } from '../settings';
import { nameOf } from '../value';
import { rowsText } from '../views/counts';
import { contextOf, type Permitted, pathOf, permission, type Visit } from '../visit';
import { bodyOf } from './body';
import { CONFIRMATION } from './previewPurge';

/** Removes an archived row for good, if that is what was confirmed. */
export async function purge(visit: Visit, shelf: Shelf): Promise<Html> {
  const { key: segment, rows, confirm } = await bodyOf(visit, ['key', 'rows', 'confirm']);
  if (typeof segment !== 'string') throw malformed('"key" is the key of a row.');
  if (!Number.isSafeInteger(rows)) throw malformed('"rows" is the number of rows that the preview told of.');
  if (confirm !== CONFIRMATION) throw malformed(`Type "${CONFIRMATION}" to confirm. Nothing was purged.`);
  const key = keyOfSegment(shelf.model, segment);
  const permitted = await permission(visit, shelf, 'purge', key);
  // PostgreSQL refuses then to cascade to rows that came after they were counted.
  const isolationLevel = Transactions.ISOLATION_LEVELS.REPEATABLE_READ;
  const run = () =>
    (shelf.model.sequelize as Sequelize).transaction({ isolationLevel }, (transaction) =>
      purgeRow(shelf, key, permitted, rows as number, transaction),
    );
  const revision = await visit.settings.hooks.revision?.(contextOf(visit, shelf, 'purge', key));
  const name = await (revision ? withRevision(revision, run) : run());
  return html`<h2 id="dialog-title" tabindex="-1" data-after="${pathOf(visit.base, shelf)}"><bdi>${name}</bdi> is purged</h2>
<p>${rowsText(rows as number)} ${rows === 1 ? 'was' : 'were'} removed for good.</p>
<p class="buttons"><button type="button" data-close class="act">Done</button></p>`;
}

async function purgeRow(
  shelf: Shelf,
  key: Key,
  permitted: Permitted,
  rows: number,
  transaction: Transaction,
): Promise<string> {
  const row = (await findRow(shelf, key, 'archived', permitted, { transaction, lock: 'UPDATE' })) as Model &
    SoftDeletableInstance;
  const { hard } = await previewDelete(shelf.model, key, { transaction });
  if (hard.does === 'remove' && hard.rows !== rows) {
    const detail = `It would remove ${rowsText(hard.rows)} by now, not ${rows}. Nothing was purged; look at it again.`;
    throw new ProblemError(409, detail, { code: 'changed' });
  }
  const name = nameOf(shelf, row);
  await row.hardDelete({ transaction });
  return name;
}
