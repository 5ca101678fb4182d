import type { Model } from 'sequelize';
import type { Ground } from '../../../enforcement/preview/ground';
import type { Place } from '../../../enforcement/preview/taken';
import { hopTogether } from '../../../enforcement/preview/together';
import type { Table } from '../../../enforcement/tables';
import type { Shelf } from '../settings';
import { mayBe, type Permitted, type Visit } from '../visit';
import { childrenOf, placeKey, rowsAt, shelfOfEnd } from './places';

/** Levels below the row, children of a row over one key, and rows in all that a tree shows at most. */
export const DEEPEST = 5;
export const WIDEST = 10;
const MOST = 200;

/** A row in a tree, with the groups of its children. */
export interface Node {
  readonly shelf: Shelf;
  readonly row: Model;
  /** Is it in the tree already, by another way? */
  readonly again: boolean;
  readonly groups: Group[];
}

/** Rows that went with one row over one key. */
export interface Group {
  /** Of which model, and by which column. */
  readonly model: string;
  readonly column: string;
  readonly total: number;
  /** The first of them, as far as they may be seen; undefined: their model is not in the browser. */
  readonly nodes: readonly Node[] | undefined;
}

interface Twig extends Place {
  readonly table: Table;
  readonly node: Pick<Node, 'groups'>;
}

/** The rows that went with a row when it was archived, to a depth and width that a page can bear. */
export async function grow(visit: Visit, ground: Ground, table: Table, root: Place): Promise<readonly Group[]> {
  const top = { groups: [] as Group[] };
  const seen = new Set([placeKey(root)]);
  const allowed = new Map<Shelf, Permitted | undefined>();
  let twigs: Twig[] = [{ ...root, table, node: top }];
  for (let depth = 0; depth < DEEPEST && twigs.length > 0; depth++) {
    const next: Twig[] = [];
    for (const from of new Set(twigs.map((twig) => twig.table))) {
      const parents = twigs.filter((twig) => twig.table === from);
      for (const edge of ground.graph.dependants(from, 'cascade')) {
        const children = await childrenOf(ground, parents, hopTogether(edge), edge.child.key, WIDEST);
        const shelf = shelfOfEnd(visit.settings.shelves, edge.child);
        if (shelf && !allowed.has(shelf)) allowed.set(shelf, await mayBe(visit, shelf, 'browse'));
        const permitted = shelf && allowed.get(shelf);
        const names = shelf?.title ? [shelf.title] : [];
        const rows = shelf && permitted ? await rowsAt(ground, shelf, children, permitted, names) : undefined;
        for (const [n, parent] of parents.entries()) {
          const own = children.filter(({ of }) => of === n);
          const [first] = own;
          if (!first) continue;
          const nodes = rows && ([] as Node[]);
          for (const child of own) {
            const row = rows?.get(placeKey(child));
            if (!row || !shelf || seen.size >= MOST) continue;
            const again = seen.has(placeKey(child));
            const node: Node = { shelf, row, again, groups: [] };
            nodes?.push(node);
            seen.add(placeKey(child));
            if (!again) next.push({ part: child.part, place: child.place, table: edge.child, node });
          }
          parent.node.groups.push({
            model: shelf?.label ?? edge.child.name,
            column: edge.column,
            total: first.total,
            nodes,
          });
        }
      }
    }
    twigs = next;
  }
  return top.groups;
}
