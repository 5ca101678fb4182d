import type { Model, Sequelize } from 'sequelize';
import { groundOf } from '../../../enforcement/preview/ground';
import { tableOfModel } from '../../../enforcement/preview/relations';
import { restorePreview } from '../../../enforcement/preview/restore';
import { rootOf } from '../../../enforcement/preview/root';
import { inSnapshot } from '../../../enforcement/preview/snapshot';
import type { RestorePreview } from '../../../enforcement/preview/types';
import type { Table } from '../../../enforcement/tables';
import type { Key } from '../../key';
import { segmentOf } from '../../key';
import { type Html, html } from '../html';
import { page } from '../page';
import { findRow } from '../rows';
import type { Shelf } from '../settings';
import { type Group, grow } from '../tree/grow';
import { type ArchivedParent, archivedParents } from '../tree/parents';
import { rowLink, treeView } from '../tree/view';
import { keyText, LONG, nameOf, shown, timeOf, valueIn } from '../value';
import { countsView } from '../views/counts';
import { mayBe, pathOf, permission, rowPath, type Visit } from '../visit';

/** An archived row: its values, what went with it, and what can be done. */
export async function row(visit: Visit, shelf: Shelf, key: Key): Promise<string> {
  const permitted = await permission(visit, shelf, 'browse', key);
  const sequelize = shelf.model.sequelize as Sequelize;
  const found = await inSnapshot(sequelize, async (transaction) => {
    const instance = await findRow(shelf, key, 'archived', permitted, { transaction });
    const ground = await groundOf(sequelize, transaction);
    const preview = await restorePreview(ground, shelf.model, key);
    const table = tableOfModel(ground.graph, shelf.model) as Table;
    const root = await rootOf(sequelize, shelf.model, key, transaction);
    const groups = await grow(visit, ground, table, root);
    return { instance, preview, groups, parents: await archivedParents(visit, ground, table, root) };
  });
  const { instance } = found;
  const title = nameOf(shelf, instance);
  const body = html`<p class="path"><a href="${pathOf(visit.base, shelf)}">${shelf.label}: archived</a></p>
<h1><bdi>${title}</bdi></h1>
<p class="lead">${shelf.model.name} <bdi>${keyText(instance)}</bdi>, archived ${timeOf(instance.getDataValue(shelf.deletedAt as never) as Date)}</p>
${found.preview.refusedBy.some(({ reason }) => reason === 'archived parent') && parentsView(visit, found.parents)}
${await buttons(visit, shelf, instance, key)}
<h2>Archived with it</h2>
${togetherView(visit, found.preview, found.groups)}
<h2>Values</h2>
<div class="card"><table class="values"><tbody>${shelf.fields.map(
    (name) => html`<tr><th scope="row">${name}</th><td>${shown(valueIn(instance, name), LONG)}</td></tr>`,
  )}</tbody></table></div>`;
  return page(visit, { title, body, shelf });
}

async function buttons(visit: Visit, shelf: Shelf, instance: Model, key: Key): Promise<Html> {
  const [preview, restore, purge, history] = await Promise.all(
    (['preview', 'restore', 'purge', 'history'] as const).map((action) => mayBe(visit, shelf, action, key)),
  );
  const path = pathOf(visit.base, shelf);
  const segment = segmentOf(instance);
  const decoded = decodeURIComponent(segment);
  return html`<p class="buttons">${
    preview &&
    restore &&
    html`<button type="button" class="act" data-ask="${path}/preview" data-body="${JSON.stringify({ keys: [decoded] })}">Restore…</button>`
  }${
    shelf.versioned &&
    history &&
    html`<a class="button" href="${rowPath(visit.base, shelf, segment)}/history">History</a>`
  }${
    preview &&
    purge &&
    html`<button type="button" data-ask="${path}/purge/preview" data-body="${JSON.stringify({ key: decoded })}">Purge…</button>`
  }</p>`;
}

function parentsView({ base }: Visit, parents: readonly ArchivedParent[]): Html | false {
  const each = ({ model, column, shelf, row }: ArchivedParent) =>
    html`<li>${model}${shelf && row && html` ${rowLink(base, shelf, row)}`}, by <code>${column}</code></li>`;
  return (
    parents.length > 0 &&
    html`<div class="notice"><p>It refers to rows that are archived too, and can be live only when they are. To restore one brings back what was archived with it.</p><ul class="plain">${parents.map(each)}</ul></div>`
  );
}

function togetherView(visit: Visit, { takes, rows }: RestorePreview, groups: readonly Group[]): Html {
  if (groups.length === 0) return html`<p class="lead">Nothing: the deletion took this row alone.</p>`;
  return html`<p class="lead">The same deletion archived ${rows - 1} ${rows === 2 ? 'row' : 'rows'} more. A restore brings precisely these back.</p>
<div class="card">${treeView(visit.base, groups)}</div>
<h3>In all</h3>
${countsView(visit, takes)}`;
}
