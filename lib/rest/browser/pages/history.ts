import type { Model } from 'sequelize';
import type { Version } from '../../../history/reading';
import type { VersionedInstance } from '../../../history/types';
import { type Key, segmentOf } from '../../key';
import { badParameter, ProblemError } from '../../problem/problem';
import { Parameters } from '../../query/parameters';
import { type Html, html } from '../html';
import { page } from '../page';
import { findRow } from '../rows';
import type { Shelf } from '../settings';
import { cut, keyText, LONG, nameOf, SHORT, timeOf } from '../value';
import { differenceCells } from '../views/difference';
import { pathOf, permission, rowPath, type Visit } from '../visit';

/** Versions on a page, and how far back the pages go. */
const PER_PAGE = 20;
const MOST_PAGES = 500;

const DONE = {
  insert: 'Inserted',
  update: 'Updated',
  archive: 'Archived',
  restore: 'Restored',
  delete: 'Deleted for good',
  baseline: 'First seen',
} as const;

/** What a row has been, who changed it and why, the last change first. */
export async function history(visit: Visit, shelf: Shelf, key: Key): Promise<string> {
  const permitted = await permission(visit, shelf, 'history', key);
  if (!shelf.versioned) throw new ProblemError(404, `${shelf.model.name} keeps no history.`, { code: 'not-found' });
  const parameters = new Parameters(visit.request.url);
  const number = takeNumber(parameters.take('page'));
  parameters.end();
  const row = (await findRow(shelf, key, 'any', permitted)) as Model & VersionedInstance;
  const versions = await row.versions({ order: 'DESC', limit: PER_PAGE + 1, offset: (number - 1) * PER_PAGE });
  const isArchived = row.getDataValue(shelf.deletedAt as never) !== null;
  const path = rowPath(visit.base, shelf, segmentOf(row));
  const name = html`<bdi>${nameOf(shelf, row)}</bdi>`;
  const body = html`<p class="path"><a href="${pathOf(visit.base, shelf)}">${shelf.label}: archived</a></p>
<h1>History of ${name}</h1>
<p class="lead">${shelf.model.name} <bdi>${keyText(row)}</bdi>, ${isArchived ? html`<a href="${path}">archived</a>` : 'live'}. The last change comes first.</p>
${versions.length === 0 && html`<p class="notice">Nothing is kept of it.</p>`}
${versions.slice(0, PER_PAGE).map((version) => versionView(shelf, version as Version<unknown>))}
<nav class="pages" aria-label="Pages"><span>${number > 1 && html`<a href="${path}/history?page=${number - 1}">Newer changes</a>`}</span><span>${
    versions.length > PER_PAGE && html`<a href="${path}/history?page=${number + 1}">Older changes</a>`
  }</span></nav>`;
  return page(visit, { title: `History of ${nameOf(shelf, row)}`, body, shelf });
}

function versionView(shelf: Shelf, version: Version<unknown>): Html {
  const { number, operation, at, actor, comment } = version;
  const changes = Object.entries(version.changes() as Record<string, { old: unknown; new: unknown }>).filter(([name]) =>
    shelf.fields.includes(name),
  );
  const line = ([name, { old, new: now }]: (typeof changes)[number]) =>
    html`<tr><th scope="row">${name}</th>${differenceCells(old, now)}</tr>`;
  return html`<section class="card version"><h2>${DONE[operation]} ${timeOf(at)} <small>version ${number}</small></h2>
<p>${actor === null ? 'By nobody who said so' : html`By <strong><bdi>${cut(actor, SHORT)}</bdi></strong>`}${
    comment !== null && html`: <bdi>${cut(comment, LONG)}</bdi>`
  }</p>
${
  changes.length === 0
    ? html`<p>No attribute that is shown here changed.</p>`
    : html`<table class="diff"><thead><tr><th scope="col">Attribute</th><th scope="col">Old</th><th scope="col">New</th></tr></thead><tbody>${changes.map(line)}</tbody></table>`
}</section>`;
}

function takeNumber(text: string | undefined): number {
  if (text === undefined) return 1;
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MOST_PAGES) return number;
  throw badParameter('page', `must be a whole number from 1 to ${MOST_PAGES}.`);
}
