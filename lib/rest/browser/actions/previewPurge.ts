import type { Sequelize } from 'sequelize';
import { previewDelete } from '../../../enforcement/preview';
import { inSnapshot } from '../../../enforcement/preview/snapshot';
import type { HardPreview, PreviewRemoval } from '../../../enforcement/preview/types';
import { keyOfSegment } from '../../key';
import { malformed } from '../../problem/problem';
import { type Html, html } from '../html';
import { findRow } from '../rows';
import type { Shelf } from '../settings';
import { nameOf } from '../value';
import { labelOf, rowsText } from '../views/counts';
import { refusalsView } from '../views/refusals';
import { pathOf, permission, type Visit } from '../visit';
import { bodyOf } from './body';

/** What has to be typed. */
export const CONFIRMATION = 'purge';

/** What purging a row would do, for the dialog. It reads and no more. */
export async function previewPurge(visit: Visit, shelf: Shelf): Promise<Html> {
  const { key: segment } = await bodyOf(visit, ['key']);
  if (typeof segment !== 'string') throw malformed('"key" is the key of a row.');
  const key = keyOfSegment(shelf.model, segment);
  const permitted = await permission(visit, shelf, 'preview', key);
  const { row, hard } = await inSnapshot(shelf.model.sequelize as Sequelize, async (transaction) => {
    const row = await findRow(shelf, key, 'archived', permitted, { transaction });
    return { row, ...(await previewDelete(shelf.model, key, { transaction })) };
  });
  const isRefused = hard.does === 'refuse';
  return html`<h2 id="dialog-title" tabindex="-1">Purge <bdi>${nameOf(shelf, row)}</bdi>?</h2>
${
  isRefused
    ? html`<div class="notice bad"><p><span class="no">It would be refused.</span></p>${refusalsView(visit, hard.refusedBy)}</div>`
    : html`<p class="notice bad">A purge removes ${hard.rows === 1 ? 'the row' : html`${rowsText(hard.rows)}, of which this is one,`} from the database for good. Nothing in here brings ${hard.rows === 1 ? 'it' : 'them'} back.</p>`
}
${removalsView(visit, hard)}
${cutsView(visit, hard)}
<form data-ask="${pathOf(visit.base, shelf)}/purge" data-body="${JSON.stringify({ key: segment, rows: hard.rows })}">
${!isRefused && html`<label for="confirm">Type “${CONFIRMATION}” to confirm</label><input type="text" id="confirm" name="confirm" required pattern="${CONFIRMATION}" title="${CONFIRMATION}" autocomplete="off" autocapitalize="off" spellcheck="false">`}
<p class="buttons">${!isRefused && html`<button class="bad">Purge for good</button>`}<button type="button" data-close>${isRefused ? 'Close' : 'Cancel'}</button></p>
</form>`;
}

function removalsView(visit: Visit, { takes, does }: HardPreview): Html {
  const live = ({ rows, archived }: PreviewRemoval) => rows - archived;
  const line = (each: PreviewRemoval) =>
    html`<tr><th scope="row">${labelOf(visit, each)}</th><td class="number">${each.archived}</td><td class="number">${
      live(each) > 0 ? html`<span class="no">${live(each)}</span>` : '0'
    }</td></tr>`;
  return html`<h3>${does === 'refuse' ? 'Without that, it would remove' : 'Removed for good'}</h3>
<div class="card"><table><thead><tr><th scope="col">Of</th><th scope="col" class="number">Archived rows</th><th scope="col" class="number">Other rows</th></tr></thead><tbody>${takes.map(line)}</tbody></table></div>`;
}

function cutsView(visit: Visit, { cuts }: HardPreview): Html | false {
  return (
    cuts.length > 0 &&
    html`<h3>Links that are cut</h3><ul class="plain">${cuts.map(
      (cut) =>
        html`<li>${rowsText(cut.rows)} of ${labelOf(visit, cut)} stay, and <code>${cut.columns.join(', ')}</code> becomes ${cut.becomes}.</li>`,
    )}</ul>`
  );
}
