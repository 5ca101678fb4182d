import type { GraphDescription, GraphModel } from './describe';
import { layersOf, type Spot } from './layers';
import { linesOf } from './words';

export interface Box {
  readonly model: GraphModel;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Line {
  readonly key: number;
  /** From the parent to the child. */
  readonly path: string;
  /** Where its name stands. */
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

const GAP = { x: 48, y: 96, edge: 40 };
const LINE = 17;
export const HEAD = 30;

/** The width of a text in pixels, rather too wide: who shows it has fonts of their own. */
export function widthOf(text: string, size: number): number {
  let wide = 0;
  for (const character of text) wide += (character.codePointAt(0) ?? 0) > 0x2e80 ? 1.05 : 0.56;
  return Math.ceil(wide * size);
}

/** Where everything stands. */
export function layout(graph: GraphDescription): Layout {
  const { layers, routes } = layersOf(graph);
  const models = new Map(graph.models.map((model) => [model.model, model]));
  const sizeOf = ({ model: name }: Spot) => {
    const model = name === undefined ? undefined : models.get(name);
    if (!model) return { width: 24, room: 24, height: 0, lines: [], model };
    const lines = linesOf(model);
    const width = Math.max(160, widthOf(model.model, 16) + 28, ...lines.map((line) => widthOf(line, 12) + 28));
    const own = graph.keys.filter(({ parent, child }) => parent === child && child === name);
    const room = width + Math.max(0, ...own.map(({ column }) => widthOf(column, 11)));
    return { width, room, height: HEAD + 12 + lines.length * LINE, lines, model };
  };
  const sized = layers.map((layer) => layer.map((spot) => ({ spot, ...sizeOf(spot) })));
  const widths = sized.map((layer) => layer.reduce((sum, { room }) => sum + room + GAP.x, -GAP.x));
  const width = Math.max(320, ...widths) + 2 * GAP.edge + 40;
  const boxes: Box[] = [];
  const at = new Map<string, { x: number; top: number; bottom: number; width: number }>();
  let y = GAP.edge;
  for (const [n, layer] of sized.entries()) {
    const height = Math.max(0, ...layer.map((each) => each.height));
    let x = (width - (widths[n] ?? 0)) / 2;
    for (const { spot, model, lines, room, ...size } of layer) {
      const bottom = y + (model ? size.height : height);
      at.set(spot.id, { x: x + size.width / 2, top: y, bottom, width: size.width });
      if (model) boxes.push({ model, lines, x: Math.round(x), y, ...size });
      x += room + GAP.x;
    }
    y += height + GAP.y;
  }
  const place = (id: string) => at.get(id) as { x: number; top: number; bottom: number; width: number };
  // Several keys at one box stand side by side, in the order of where they go.
  const ports = (id: string, end: 0 | -1) => {
    const beside = (spots: readonly string[]) => place(spots.at(end === 0 ? 1 : -2) as string).x;
    const own = routes.filter(({ spots }) => spots.at(end) === id);
    return own.sort((one, other) => beside(one.spots) - beside(other.spots)).map(({ key }) => key);
  };
  const port = (id: string, key: number, end: 0 | -1) => {
    const all = ports(id, end);
    const { x, width: room } = place(id);
    return x + (all.indexOf(key) - (all.length - 1) / 2) * Math.min(36, (room - 40) / all.length);
  };
  const lines = routes.map(({ key, spots, up }): Line => {
    const [first, last] = [spots[0] as string, spots.at(-1) as string];
    const points: [number, number][] = [
      [port(first, key, 0), place(first).bottom],
      ...spots.slice(1, -1).flatMap((id): [number, number][] => [
        [place(id).x, place(id).top],
        [place(id).x, place(id).bottom],
      ]),
      [port(last, key, -1), place(last).top],
    ];
    const [from, to] = points.slice(-2) as [[number, number], [number, number]];
    return {
      key,
      path: curve(up ? [...points].reverse() : points),
      // On the curve, at 70 % of its way.
      x: from[0] + 0.784 * (to[0] - from[0]),
      y: from[1] + 0.658 * (to[1] - from[1]) + 4,
    };
  });
  return { width, height: y - GAP.y + GAP.edge, boxes, lines: [...lines, ...loops(graph, boxes)] };
}

function curve(points: readonly [number, number][]): string {
  const round = (n: number) => Math.round(n * 10) / 10;
  return points
    .map(([x, y], n) => {
      const before = points[n - 1];
      if (!before) return `M${round(x)} ${round(y)}`;
      const half = (y - before[1]) / 2;
      return `C${round(before[0])} ${round(before[1] + half)} ${round(x)} ${round(y - half)} ${round(x)} ${round(y)}`;
    })
    .join(' ');
}

/** Keys from a table to itself, at the right of its box. */
function loops({ keys }: GraphDescription, boxes: readonly Box[]): Line[] {
  return keys.flatMap(({ parent, child, column }, key): Line[] => {
    const box = boxes.find(({ model }) => model.model === parent);
    if (parent !== child || !box) return [];
    const nth = keys.slice(0, key).filter((each) => each.parent === parent && each.child === parent).length;
    const [x, y] = [box.x + box.width, box.y + HEAD + 8 + nth * 26];
    return [
      {
        key,
        path: `M${x} ${y} C${x + 34} ${y - 14} ${x + 34} ${y + 32} ${x} ${y + 18}`,
        x: x + 10 + widthOf(column, 11) / 2,
        y: y - 8,
      },
    ];
  });
}
