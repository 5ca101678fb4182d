import type { ModelClass } from '../../models/capabilities';
import type { Table } from '../tables';
import type { Ground } from './ground';
import { tableOfModel } from './relations';
import { previewFrom, restoreFrom } from './restore';
import { rootOf } from './root';
import type { Root } from './taken';
import type { RestorePreview, RestoreRefusal } from './types';

type Key = Readonly<Record<string, unknown>>;

interface Candidate {
  readonly root: Root;
  preview: RestorePreview;
}

const isParent = ({ reason }: RestoreRefusal) => reason === 'archived parent';

/**
 * What restoring rows of a model one by one would do, in this order, where one that is refused for the sake of an archived
 * parent is tried again when others have come back: a row may need another one of them, or have a unique value in common.
 *
 * @throws GuitarsError there is no such row; the transaction goes on
 */
export async function restorePreviews(
  ground: Ground,
  model: ModelClass,
  keys: readonly Key[],
): Promise<readonly RestorePreview[]> {
  const all: Candidate[] = [];
  for (const key of keys) {
    const root = await rootOf(ground.sequelize, model, key, ground.transaction);
    all.push({ root, preview: await previewFrom(ground, model, key, root) });
  }
  const table = tableOfModel(ground.graph, model);
  if (table && all.length > 1) await judge(ground, table, all);
  return all.map(({ preview }) => preview);
}

/** Corrects previews that are each of a row alone. */
async function judge(ground: Ground, table: Table, all: readonly Candidate[]): Promise<void> {
  // What others come back with does not free a unique value.
  const hopeful = all.filter(({ preview }) => preview.does !== 'nothing' && preview.refusedBy.every(isParent));
  const ready = hopeful.filter(({ preview }) => preview.does === 'restore');
  if (ready.length === 0) return;
  const { refusedBy } = await restoreFrom(
    ground,
    table,
    ready.map(({ root }) => root),
  );
  // Most often nobody has to do with another.
  const back = refusedBy.length > 0 ? [] : ready.map(({ root }) => root);
  const waiting = refusedBy.length > 0 ? hopeful : hopeful.filter((each) => !ready.includes(each));
  for (let left = waiting, before = 0; left.length > 0 && left.length !== before; ) {
    before = left.length;
    for (const each of left) {
      const found = await restoreFrom(ground, table, [...back, each.root]);
      const does = found.refusedBy.length > 0 ? 'refuse' : 'restore';
      each.preview = { ...each.preview, does, refusedBy: found.refusedBy };
      if (does === 'restore') back.push(each.root);
    }
    left = left.filter(({ preview }) => preview.does === 'refuse' && preview.refusedBy.every(isParent)).reverse();
  }
}
