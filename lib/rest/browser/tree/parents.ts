import type { Model } from 'sequelize';
import type { Ground } from '../../../enforcement/preview/ground';
import type { Place } from '../../../enforcement/preview/taken';
import { hopToParents } from '../../../enforcement/preview/together';
import type { Table } from '../../../enforcement/tables';
import type { Shelf } from '../settings';
import { mayBe, type Visit } from '../visit';
import { childrenOf, placeKey, rowsAt, shelfOfEnd } from './places';

/** An archived parent of an archived row. */
export interface ArchivedParent {
  readonly model: string;
  readonly column: string;
  /** Where it may be seen. */
  readonly shelf: Shelf | undefined;
  readonly row: Model | undefined;
}

/** The archived parents of a row, without which it cannot be live. */
export async function archivedParents(
  visit: Visit,
  ground: Ground,
  table: Table,
  root: Place,
): Promise<readonly ArchivedParent[]> {
  const found: ArchivedParent[] = [];
  for (const edge of ground.graph.liveEdges(table)) {
    const parent = edge.softParent as Table;
    const [place] = await childrenOf(ground, [root], hopToParents(edge), parent.key, 1);
    if (!place || placeKey(place) === placeKey(root)) continue;
    const shelf = shelfOfEnd(visit.settings.shelves, parent);
    const permitted = shelf && (await mayBe(visit, shelf, 'browse'));
    const names = shelf?.title ? [shelf.title] : [];
    const rows = shelf && permitted ? await rowsAt(ground, shelf, [place], permitted, names) : undefined;
    found.push({ model: parent.name, column: edge.column, shelf, row: rows?.get(placeKey(place)) });
  }
  return found;
}
