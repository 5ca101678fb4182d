import { html } from '../html';
import { page } from '../page';
import { countRows } from '../rows';
import { mayBe, pathOf, permission, type Visit } from '../visit';

/** The models, and how many rows of each are live and archived. */
export async function overview(visit: Visit): Promise<string> {
  const { settings, base } = visit;
  const rows = await Promise.all(
    settings.shelves.map(async (shelf) => {
      const permitted = await mayBe(visit, shelf, 'browse');
      if (!permitted) return undefined;
      const [live, archived] = await Promise.all([
        countRows(shelf, 'live', permitted),
        countRows(shelf, 'archived', permitted),
      ]);
      return { shelf, live, archived };
    }),
  );
  const found = rows.filter((row) => row !== undefined);
  // Who may see none of them is told why.
  const [first] = settings.shelves;
  if (found.length === 0 && first) await permission(visit, first, 'browse');
  const body = html`<h1>${settings.title}</h1>
<p class="lead">Archived rows are kept, with everything that went with them, until somebody restores or purges them.</p>
<div class="card"><table>
<thead><tr><th scope="col">Model</th><th scope="col" class="number">Archived</th><th scope="col" class="number">Live</th></tr></thead>
<tbody>${found.map(
    ({ shelf, live, archived }) =>
      html`<tr><th scope="row"><a href="${pathOf(base, shelf)}">${shelf.label}</a></th><td class="number">${counted(archived)}</td><td class="number">${counted(live)}</td></tr>`,
  )}</tbody></table></div>`;
  return page(visit, { title: settings.title, body });
}

const counted = (n: number) => n.toLocaleString('en');
