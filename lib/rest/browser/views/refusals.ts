import type { PreviewRefusal, RestoreRefusal } from '../../../enforcement/preview/types';
import { columnOf } from '../../../models/internals';
import { type Html, html } from '../html';
import type { Visit } from '../visit';
import { labelOf, rowsText } from './counts';

/** Why rows cannot be restored or purged. */
export const refusalsView = (visit: Visit, refusedBy: readonly (PreviewRefusal | RestoreRefusal)[]): Html =>
  html`<ul class="plain">${refusedBy.map((each) => html`<li>${reasonView(visit, each)}</li>`)}</ul>`;

function reasonView(visit: Visit, refusal: PreviewRefusal | RestoreRefusal): Html {
  const { rows, reason, constraint, columns } = refusal;
  const what = labelOf(visit, refusal);
  const names = html`<code>${columns.map((column) => attributeOf(visit, refusal, column)).join(', ') || constraint}</code>`;
  switch (reason) {
    case 'archived parent':
      return html`A parent is archived: ${what}, by ${names}. Restore that one first.`;
    case 'unique value taken':
      return html`A live row has the same value of ${isHidden(visit, refusal) ? 'an attribute that is not shown' : names} by now (${what}, ${rowsText(rows)}). Change one of the two.`;
    default:
      return html`${rowsText(rows)} of ${what} refer to it by ${names} (${reason}). Remove those first.`;
  }
}

/** Is it about an attribute that is to be nowhere? */
function isHidden({ settings }: Visit, { model, columns }: RestoreRefusal): boolean {
  const shelf = settings.shelves.find((each) => each.model.name === model);
  if (!shelf) return false;
  const shown = [...shelf.fields, ...shelf.model.primaryKeyAttributes].map((name) => columnOf(shelf.model, name));
  return !columns.every((column) => shown.includes(column));
}

/** The attribute of a column, where the browser knows its model. An archived parent has the column in another table. */
function attributeOf({ settings }: Visit, { model, reason }: PreviewRefusal | RestoreRefusal, column: string): string {
  const shelf = reason === 'archived parent' ? undefined : settings.shelves.find((each) => each.model.name === model);
  return shelf?.fields.find((name) => columnOf(shelf.model, name) === column) ?? column;
}
