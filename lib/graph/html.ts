import type { GraphDescription } from './describe';
import { svg, xml } from './svg';
import { doesHard, doesSoft } from './words';

const PAGE = `
:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 2rem; max-width: 90rem; background: #fafaf9; color: #1c1917;
  font: 15px/1.5 ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; } p { margin: .25rem 0 1.5rem; color: #57534e; }
.drawing { overflow: auto; border: 1px solid #d6d3d1; border-radius: 10px; }
.drawing svg { display: block; margin: 0 auto; }
.tables { overflow: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid #d6d3d1; }
code { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@media (prefers-color-scheme: dark) {
  body { background: #171412; color: #f5f5f4; } p { color: #a8a29e; }
  .drawing, th, td { border-color: #44403c; }
}`.trim();

/** The graph as a page that needs nothing beside it. */
export function html(graph: GraphDescription): string {
  const { models, keys } = graph;
  const soft = models.filter(({ engine }) => engine).length;
  const code = (text: string) => `<code>${xml(text)}</code>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What a delete does</title>
<style>
${PAGE}
</style>
</head>
<body>
<h1>What a delete does</h1>
<p>${models.length} models, ${soft} of them soft-deletable; ${keys.length} keys. An arrow goes from a parent to its children.</p>
<div class="drawing">
${svg(graph)}</div>
<h2>Along the keys</h2>
<div class="tables">${table(
    ['Key', 'Parent', 'ON DELETE', 'Archiving the parent', 'Removing the parent'],
    keys.map((key) => [
      code(`${key.child}.${key.column}`),
      xml(key.parent),
      code(key.hard),
      doesSoft(key),
      doesHard(key),
    ]),
  )}</div>
<h2>What is enforced</h2>
<div class="tables">${table(
    ['Model', 'Table', 'Rung', 'Engine', 'Times', 'Unique among live rows', 'Hard delete', 'Objects'],
    models.map((model) => [
      xml(model.model),
      code(`${model.schema}.${model.table}`),
      xml(model.rung),
      model.engine ?? '',
      model.times.map(code).join(', '),
      model.liveUnique.map(({ columns }) => code(columns.join(', '))).join('<br>'),
      model.hardDeleteRole ? `role ${code(model.hardDeleteRole)}` : '',
      Object.entries(model.objects)
        .map(([kind, n]) => `${kind} ${n}`)
        .join(', '),
    ]),
  )}</div>
</body>
</html>
`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<table>\n<thead>${line('th', headings)}</thead>\n<tbody>\n${rows.map((row) => line('td', row)).join('\n')}\n</tbody>\n</table>`;
}
