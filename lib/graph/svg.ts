import { visibleLine } from '../visible';
import type { GraphDescription, GraphKey, GraphModel } from './describe';
import { type Box, HEAD, layout, widthOf } from './layout';
import { STYLE } from './style';
import { sentence } from './words';

const SOFT: readonly GraphKey['soft'][] = ['cascade', 'restrict', 'keep', 'none'];
const HEADS = { removes: 'M0 0 L10 5 L0 10 Z', refuses: 'M6 0 L9 0 L9 10 L6 10 Z', cuts: 'M5 1 A4 4 0 1 1 4.9 1 Z' };

/** What the end of a line tells: what a hard delete does. */
const headOf = ({ hard }: Pick<GraphKey, 'hard'>): keyof typeof HEADS =>
  hard === 'CASCADE' ? 'removes' : hard.startsWith('SET') ? 'cuts' : 'refuses';

const LEGEND: readonly (readonly [caption: string, rows: readonly (readonly [GraphKey['soft'], string, string])[]])[] =
  [
    [
      'Line: archiving the parent',
      [
        ['cascade', '', 'archives its live children'],
        ['restrict', '', 'is refused while a child is live'],
        ['keep', '', 'keeps children and their link'],
        ['none', '', 'nothing: one of the two cannot be archived'],
      ],
    ],
    [
      'End: removing the parent',
      [
        ['none', 'CASCADE', 'removes its children'],
        ['none', 'RESTRICT', 'is refused while there is a child'],
        ['none', 'SET NULL', 'cuts the link of its children'],
      ],
    ],
  ];
const RUNGS = [
  ['guitar', 'Guitar: times and soft deletion'],
  ['setar', 'Setar: times'],
  ['dutar', 'Dutar: nothing in the database'],
  ['plain', 'a plain model'],
] as const;
const LEGEND_HEIGHT = 150;

/** The graph as an SVG document that needs nothing beside it. */
export function svg(graph: GraphDescription): string {
  const { width: wide, height: high, boxes, lines } = layout(graph);
  const [width, height] = [Math.max(wide, 980), high + LEGEND_HEIGHT];
  const shift = Math.round((width - wide) / 2);
  const heads = SOFT.flatMap((soft) =>
    Object.entries(HEADS).map(
      ([head, path]) =>
        `<marker id="${soft}-${head}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="11" markerHeight="11" markerUnits="userSpaceOnUse" orient="auto"><path class="head-${soft}${head === 'cuts' ? ' open' : ''}" d="${path}"/></marker>`,
    ),
  );
  const drawn = lines.map(({ key: n, path, x, y }) => ({ key: graph.keys[n] as GraphKey, path, x, y }));
  return `${[
    `<svg class="graph" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Models and what a delete does along their keys">`,
    `<style>${STYLE}</style>`,
    `<defs>${heads.join('')}</defs>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<g transform="translate(${shift} 0)">`,
    ...drawn.map(
      ({ key, path }) =>
        `<g><title>${xml(sentence(key))}</title><path class="key ${key.soft}" d="${path}" marker-end="url(#${key.soft}-${headOf(key)})"/></g>`,
    ),
    ...boxes.map(box),
    ...drawn.map(
      ({ key, x, y }) => `<text class="label" x="${Math.round(x)}" y="${Math.round(y)}">${xml(key.column)}</text>`,
    ),
    '</g>',
    ...legend(high),
    '</svg>',
  ].join('\n')}\n`;
}

function box({ model, lines, x, y, width, height }: Box): string {
  return [
    `<g transform="translate(${x} ${y})"><rect class="card" width="${width}" height="${height}" rx="8"/>`,
    `<rect class="${rungClass(model)}" width="5" height="${height - 16}" x="0" y="8" rx="2.5"/>`,
    `<text class="name" x="16" y="23">${xml(model.model)}</text>`,
    ...lines.map((line, n) => `<text x="16" y="${HEAD + 12 + n * 17}">${xml(line)}</text>`),
    '</g>',
  ].join('');
}

export function rungClass({ rung, engine, times }: GraphModel): string {
  if (engine) return 'guitar';
  if (times.length > 0) return 'setar';
  return rung === 'Model' ? 'plain' : 'dutar';
}

function legend(top: number): string[] {
  let x = 40;
  const columns = LEGEND.map(([caption, rows]) => {
    const texts = rows.map(([soft, hard, text], n) => {
      const y = top + 46 + n * 22;
      const end = hard ? ` marker-end="url(#${soft}-${headOf({ hard })})"` : '';
      return `<path class="key ${soft}" d="M${x} ${y - 4} H${x + 40}"${end}/><text x="${x + 52}" y="${y}">${text}</text>`;
    });
    const out = `<text class="caption" x="${x}" y="${top + 20}">${caption}</text>${texts.join('')}`;
    x += 52 + 28 + Math.max(...rows.map(([, , text]) => widthOf(text, 12)));
    return out;
  });
  const rungs = RUNGS.map(
    ([name, text], n) =>
      `<rect class="${name}" x="${x}" y="${top + 34 + n * 22}" width="5" height="14" rx="2.5"/><text x="${x + 16}" y="${top + 46 + n * 22}">${text}</text>`,
  );
  return [...columns, `<text class="caption" x="${x}" y="${top + 20}">Box: the model</text>${rungs.join('')}`];
}

/** Text, as XML and HTML both read it: XML has no control characters, not even escaped. */
export function xml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return visibleLine(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
