import type { PreviewRows } from '../../../enforcement/preview/types';
import { type Html, html } from '../html';
import type { Visit } from '../visit';

/** What a table is called: as its model is in the browser, else by its name in the database. */
export function labelOf({ settings }: Visit, { model, schema, table }: PreviewRows): Html {
  const shelf = settings.shelves.find((each) => each.model.name === model);
  return shelf ? html`${shelf.label}` : html`${model ?? ''} <code>${schema}.${table}</code>`;
}

/** How many, and of what. */
export const rowsText = (rows: number) => `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;

/** Rows by table. */
export const countsView = (visit: Visit, takes: readonly PreviewRows[]): Html =>
  html`<div class="card"><table><thead><tr><th scope="col">Of</th><th scope="col" class="number">Rows</th></tr></thead><tbody>${takes.map(
    (each) =>
      html`<tr><th scope="row">${labelOf(visit, each)}</th><td class="number">${each.rows.toLocaleString('en')}</td></tr>`,
  )}</tbody></table></div>`;
