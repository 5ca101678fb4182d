import type { Model, Sequelize } from 'sequelize';
import { groundOf } from '../../../enforcement/preview/ground';
import { restorePreviews } from '../../../enforcement/preview/restores';
import { inSnapshot } from '../../../enforcement/preview/snapshot';
import type { RestorePreview } from '../../../enforcement/preview/types';
import { ProblemError } from '../../problem/problem';
import { type Html, html } from '../html';
import { findRow } from '../rows';
import type { Shelf } from '../settings';
import { nameOf } from '../value';
import { countsView, rowsText } from '../views/counts';
import { refusalsView } from '../views/refusals';
import { pathOf, permission, type Visit } from '../visit';
import { bodyOf } from './body';
import { type Chosen, chosenBy, chosenBySearch } from './chosen';

interface Seen extends Chosen {
  readonly row: Model;
  readonly preview: RestorePreview;
}

/** What restoring rows would do, for the dialog. It reads and no more; it is a POST since keys may be many and long. */
export async function previewRestores(visit: Visit, shelf: Shelf): Promise<Html> {
  const { keys, search } = await bodyOf(visit, ['keys', 'search']);
  const all = search === undefined ? chosenBy(visit, shelf, keys) : undefined;
  const [only] = all?.length === 1 ? all : [];
  const permitted = await permission(visit, shelf, 'preview', only?.key);
  const chosen = all ?? (await chosenBySearch(visit, shelf, permitted, search));
  const sequelize = shelf.model.sequelize as Sequelize;
  const seen = await inSnapshot(sequelize, async (transaction) => {
    const ground = await groundOf(sequelize, transaction);
    const found: Omit<Seen, 'preview'>[] = [];
    for (const each of chosen) {
      const row = await findRow(shelf, each.key, 'archived', permitted, { transaction }).catch((error) => {
        if (error instanceof ProblemError && !only) return undefined;
        throw error;
      });
      if (row) found.push({ ...each, row });
    }
    const keys = found.map(({ key }) => key);
    const previews = await restorePreviews(ground, shelf.model, keys);
    return found.map((each, n): Seen => ({ ...each, preview: previews[n] as RestorePreview }));
  });
  return view(visit, shelf, seen, chosen.length - seen.length);
}

function view(visit: Visit, shelf: Shelf, seen: readonly Seen[], gone: number): Html {
  const [first] = seen;
  const one = seen.length === 1 && gone === 0 ? first : undefined;
  const refused = seen.filter(({ preview }) => preview.does === 'refuse');
  const title = one ? html`Restore <bdi>${nameOf(shelf, one.row)}</bdi>?` : html`Restore ${rowsText(seen.length)}?`;
  const body = JSON.stringify({ keys: seen.map(({ segment }) => segment) });
  const isHopeless = refused.length === seen.length;
  return html`<h2 id="dialog-title" tabindex="-1">${title}</h2>
${one ? oneView(visit, one.preview) : manyView(visit, shelf, seen, refused)}
${gone > 0 && html`<p class="notice">${rowsText(gone)} of those chosen ${gone === 1 ? 'is' : 'are'} not archived any more, or not yours to restore.</p>`}
<form data-ask="${pathOf(visit.base, shelf)}/restore" data-body="${body}"><p class="buttons">
${!isHopeless && html`<button class="act">Restore ${one ? 'it' : rowsText(seen.length - refused.length)}</button>`}<button type="button" data-close>${isHopeless ? 'Close' : 'Cancel'}</button>
</p></form>`;
}

function oneView(visit: Visit, { does, rows, takes, refusedBy }: RestorePreview): Html {
  if (does === 'refuse') {
    return html`<div class="notice bad"><p><span class="no">It would be refused.</span></p>${refusalsView(visit, refusedBy)}</div>`;
  }
  return html`<p>${rows === 1 ? 'This row comes back alone.' : html`${rowsText(rows)} come back: this one, and what was archived with it.`}</p>
${countsView(visit, takes)}`;
}

function manyView(visit: Visit, shelf: Shelf, seen: readonly Seen[], refused: readonly Seen[]): Html {
  const line = ({ row, preview }: Seen) =>
    html`<tr><th scope="row"><bdi>${nameOf(shelf, row)}</bdi></th><td>${
      preview.does === 'refuse'
        ? html`<span class="no">✗ would be refused</span>${refusalsView(visit, preview.refusedBy)}`
        : html`<span class="yes">✓ comes back</span>${preview.rows > 1 && html` with ${rowsText(preview.rows - 1)} more`}`
    }</td></tr>`;
  return html`<p>Each row is restored by itself, with what was archived with it: one that is refused keeps none of the others back.${
    refused.length > 0 && html` ${rowsText(refused.length)} would be refused as things are.`
  }</p>
<div class="card"><table><thead><tr><th scope="col">Row</th><th scope="col">What would happen</th></tr></thead><tbody>${seen.map(line)}</tbody></table></div>`;
}
