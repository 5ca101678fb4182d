import { byText, type GraphDescription } from './describe';

/** A place in a layer: a model, or a point through which a key passes. */
export interface Spot {
  readonly id: string;
  readonly layer: number;
  /** Of a model: its name. */
  readonly model?: string;
}

/** A key on its way from the upper to the lower layer. */
export interface Route {
  readonly key: number;
  /** Spots, from above. */
  readonly spots: readonly string[];
  /** Does it go up, against the direction of the others? Such keys close the cycles. */
  readonly up: boolean;
}

/**
 * Layers by longest path: a child stands below all of its parents. Keys that lead back to where a walk from above has
 * come from are turned round, which breaks the cycles; a key over several layers gets a point in each.
 */
export function layersOf({ models, keys }: GraphDescription): { layers: Spot[][]; routes: Route[] } {
  const up = backKeys({ models, keys });
  const depth = new Map(models.map(({ model }) => [model, 0]));
  const links = keys.flatMap(({ parent, child }, n) =>
    parent === child ? [] : [up.has(n) ? { above: child, below: parent } : { above: parent, below: child }],
  );
  for (let moved = true; moved; ) {
    moved = false;
    for (const { above, below } of links) {
      const least = (depth.get(above) ?? 0) + 1;
      if ((depth.get(below) ?? 0) < least) {
        depth.set(below, least);
        moved = true;
      }
    }
  }
  const spots: Spot[] = models.map(({ model }) => ({ id: model, model, layer: depth.get(model) ?? 0 }));
  const routes = keys.flatMap(({ parent, child }, key): Route[] => {
    if (parent === child) return [];
    const [above, below] = up.has(key) ? [child, parent] : [parent, child];
    const between: Spot[] = [];
    for (let layer = (depth.get(above) ?? 0) + 1; layer < (depth.get(below) ?? 0); layer++)
      between.push({ id: `${key}/${layer}`, layer });
    spots.push(...between);
    return [{ key, spots: [above, ...between.map(({ id }) => id), below], up: up.has(key) }];
  });
  const layers: Spot[][] = [];
  for (const spot of spots) {
    layers[spot.layer] ??= [];
    layers[spot.layer]?.push(spot);
  }
  return { layers: untangled(layers, routes), routes };
}

/** Keys that close a cycle, found by a walk in the order of names, from models without parents first. */
function backKeys({ models, keys }: GraphDescription): Set<number> {
  const back = new Set<number>();
  const state = new Map<string, 'open' | 'done'>();
  const visit = (model: string) => {
    state.set(model, 'open');
    for (const [n, key] of keys.entries()) {
      if (key.parent !== model || key.child === model) continue;
      if (state.get(key.child) === 'open') back.add(n);
      else if (!state.has(key.child)) visit(key.child);
    }
    state.set(model, 'done');
  };
  const isRoot = (name: string) => !keys.some(({ child, parent }) => child === name && parent !== name);
  const names = models.map(({ model }) => model);
  for (const name of [...names.filter(isRoot), ...names]) if (!state.has(name)) visit(name);
  return back;
}

/** Fewer crossings: each layer in the order of the middle of what its spots are tied to, downwards and upwards in turn. */
function untangled(layers: readonly Spot[][], routes: readonly Route[]): Spot[][] {
  const sorted = layers.map((layer) => [...layer].sort((one, other) => byText(one.id, other.id)));
  for (let sweep = 0; sweep < 6; sweep++) {
    const down = sweep % 2 === 0;
    const place = new Map(sorted.flatMap((layer) => layer.map(({ id }, n) => [id, (n + 0.5) / layer.length] as const)));
    for (const layer of down ? sorted : [...sorted].reverse()) {
      const middle = (spot: Spot) => {
        const tied = routes.flatMap(({ spots }) => {
          const at = spots.indexOf(spot.id);
          const next = at < 0 ? undefined : spots[down ? at - 1 : at + 1];
          return next === undefined ? [] : [place.get(next) ?? 0];
        });
        return tied.length > 0 ? tied.reduce((sum, each) => sum + each, 0) / tied.length : (place.get(spot.id) ?? 0);
      };
      const middles = new Map(layer.map((spot) => [spot.id, middle(spot)]));
      layer.sort((one, other) => (middles.get(one.id) ?? 0) - (middles.get(other.id) ?? 0) || byText(one.id, other.id));
      for (const [n, { id }] of layer.entries()) place.set(id, (n + 0.5) / layer.length);
    }
  }
  return sorted;
}
