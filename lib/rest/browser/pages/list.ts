import type { Model } from 'sequelize';
import { timesOf } from '../../../models/attributes';
import { settingsOf } from '../../../models/capabilities';
import { segmentOf } from '../../key';
import { badParameter } from '../../problem/problem';
import { cursorAt, cursorOf } from '../../query/cursor';
import { Parameters } from '../../query/parameters';
import { type Html, html } from '../html';
import { page } from '../page';
import { countRows, findPage, orderOf } from '../rows';
import { searching } from '../search';
import type { Shelf } from '../settings';
import { rowLink } from '../tree/view';
import { keyText, nameOf, SHORT, shown, timeOf, valueIn } from '../value';
import { rowsText } from '../views/counts';
import { mayBe, pathOf, permission, type Visit } from '../visit';

const SIZES = [10, 25, 50, 100];
/** Columns beside the name, the key and the time. */
const MOST_COLUMNS = 4;

/** The archived rows of a model, with search and pages. */
export async function list(visit: Visit, shelf: Shelf): Promise<string> {
  const { settings, base, request } = visit;
  const permitted = await permission(visit, shelf, 'browse');
  const parameters = new Parameters(request.url);
  const search = (parameters.take('search') ?? '').trim();
  const size = takeSize(parameters.take('size'), settings.pageSize);
  const cursor = parameters.take('cursor') ?? '';
  parameters.end();
  const from = cursor === '' ? undefined : cursorOf(shelf.model, cursor, orderOf(shelf));
  const conditions = searching(shelf, search);
  const columns = columnsOf(shelf);
  const names = [...columns, ...(shelf.title ? [shelf.title] : [])];
  const [rows, count, live] = await Promise.all([
    findPage(shelf, permitted, { conditions, names, limit: size + 1, from }),
    countRows(shelf, 'archived', permitted, ...conditions),
    countRows(shelf, 'live', permitted),
  ]);
  const offered = (await mayBe(visit, shelf, 'preview')) && (await mayBe(visit, shelf, 'restore'));
  const shownRows = rows.slice(0, size);
  const last = rows.length > size ? shownRows.at(-1) : undefined;
  const path = pathOf(base, shelf);
  const to = (changes: Record<string, string>) =>
    `${path}?${new URLSearchParams({ ...(search ? { search } : {}), size: String(size), ...changes })}`;
  const ask = `${path}/preview`;
  const body = html`<h1>${shelf.label}: archived</h1>
<p class="lead">${count.toLocaleString('en')} archived ${count === 1 ? 'row' : 'rows'}${search && html` in which “<bdi>${search}</bdi>” is found`}, the last archived first. ${rowsText(live)} ${live === 1 ? 'is' : 'are'} live.</p>
<form class="find" role="search" method="get" action="${path}">
<div><label for="search">Search ${[...shelf.search, 'key'].join(', ')}</label><input type="search" id="search" name="search" value="${search}" maxlength="200"></div>
<div><label for="size">Rows</label><select id="size" name="size">${sizes(size).map((n) => html`<option${n === size && html` selected`}>${n}</option>`)}</select></div>
<button>Search</button>${search && html`<a class="button" href="${path}">Show all</a>`}
</form>
${shownRows.length === 0 ? html`<p class="notice">${search ? 'Nothing archived matches.' : 'Nothing is archived here.'}</p>` : tableOf(visit, shelf, shownRows, columns, Boolean(offered))}
${
  offered &&
  shownRows.length > 0 &&
  html`<p class="buttons"><button type="button" class="act" disabled data-selected data-ask="${ask}" data-body="{}">Restore selected…</button>${
    search &&
    html`<button type="button" data-ask="${ask}" data-body="${JSON.stringify({ search })}">Restore all ${count} that match…</button>`
  }</p>`
}
<nav class="pages" aria-label="Pages"><span>${from && html`<a href="${to({})}">First page</a>`}</span><span>${
    last && html`<a href="${to({ cursor: cursorAt(last, orderOf(shelf)) })}" rel="next">Older rows</a>`
  }</span></nav>`;
  return page(visit, { title: `${shelf.label}: archived`, body, shelf });
}

function tableOf(
  { base }: Visit,
  shelf: Shelf,
  rows: readonly Model[],
  columns: readonly string[],
  pick: boolean,
): Html {
  const line = (row: Model) =>
    html`<tr>${
      pick &&
      html`<td class="pick"><input type="checkbox" name="key" value="${decodeURIComponent(segmentOf(row))}" autocomplete="off" aria-label="Select ${nameOf(shelf, row)}"></td>`
    }<th scope="row">${rowLink(base, shelf, row)}</th><td><bdi>${keyText(row)}</bdi></td>${columns.map(
      (name) => html`<td>${shown(valueIn(row, name), SHORT)}</td>`,
    )}<td>${timeOf(row.getDataValue(shelf.deletedAt as never) as Date)}</td></tr>`;
  return html`<div class="card"><table class="list">
<thead><tr>${pick && html`<th scope="col" class="pick"><input type="checkbox" id="all" autocomplete="off" aria-label="Select all rows on this page"></th>`}<th scope="col">Row</th><th scope="col">Key</th>${columns.map(
    (name) => html`<th scope="col">${name}</th>`,
  )}<th scope="col">Archived</th></tr></thead>
<tbody>${rows.map(line)}</tbody></table></div>`;
}

/** What a list has room for. */
function columnsOf({ model, fields, title }: Shelf): string[] {
  const { attributes } = settingsOf(model);
  const others = [
    ...model.primaryKeyAttributes,
    title,
    attributes.deletedAt,
    ...timesOf(model).map((time) => attributes[time]),
  ];
  return fields.filter((name) => !others.includes(name)).slice(0, MOST_COLUMNS);
}

const sizes = (size: number) => [...new Set([...SIZES, size])].sort((one, other) => one - other);

function takeSize(text: string | undefined, standard: number): number {
  if (text === undefined) return standard;
  const size = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= 100) return size;
  throw badParameter('size', 'must be a whole number from 1 to 100.');
}
