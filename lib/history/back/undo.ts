import type { Model } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { settle } from '../../models/settle';
import { versionAttributeOf } from '../../models/version';
import { FILTERED_CHANGED } from '../columns';
import { HistoryError } from '../errors';
import { askingOf, type Entry, entriesOf } from '../reading/entries';
import { keyOfInstance, keyText } from '../reading/key';
import type { Located } from '../reading/located';
import { revertible, tells } from './attributes';
import { orAsBefore, putBack } from './put';
import { type BackOptions, inTransaction, presentRow } from './row';

type Edge = 'archive' | 'restore';

/** Undoes what the last change of a row did. */
export async function undo<M extends Model>(instance: M, options: BackOptions = {}): Promise<M> {
  const model = instance.constructor as ModelClass;
  const key = keyOfInstance(instance);
  const refuse = (why: string): never => {
    throw new HistoryError(`${model.name} ${keyText(key)}: ${why}`);
  };
  return orAsBefore(instance, () =>
    inTransaction(model, options, async (how, history) => {
      const row = await presentRow(model, key, how);
      const [last] = await entriesOf(history, key, { ...askingOf(how as never), order: 'DESC', limit: 1 });
      if (!last)
        return refuse('its history holds nothing of it. Was the table written to while no trigger captured it?');
      const counted = versionAttributeOf(model) as string;
      const known = instance.getDataValue(counted as never) as unknown;
      if (known !== undefined && known !== row[counted]) {
        refuse(
          `it was written since it was read, in version ${known}; it is version ${row[counted]}. reload() it, and see what undo() would undo.`,
        );
      }
      const edge = edgeOf(model, last);
      if (edge) {
        const { deletedAt } = inside(model)._timestampAttributes ?? {};
        // Sequelize's own does nothing to a row that it believes to be so already.
        if (deletedAt) settle(instance, deletedAt, row[deletedAt]);
        await (edge === 'archive' ? instance.restore(how) : instance.destroy(how));
        return instance;
      }
      const { before } = last;
      if (last.operation !== 'update' || !before || before.operation === 'delete') {
        return refuse(
          `what it was before version ${last.number} (${last.operation}) is not known. revertTo() puts back what is; destroy() takes back that it is there.`,
        );
      }
      const hidden = history.options.filter.find((name) => last.values[name] === FILTERED_CHANGED);
      if (hidden)
        refuse(`version ${last.number} changed "${hidden}", of which history keeps no value. Set it yourself.`);
      const entry = await entryBefore(history, key, last, how);
      const names = revertible(history).filter((name) => tells(model, entry, name));
      await putBack(instance, { history, key, row }, new Map(names.map((name) => [name, entry])), how);
      return instance;
    }),
  );
}

async function entryBefore(
  history: Located,
  key: Parameters<typeof entriesOf>[1],
  { id }: Entry,
  how: BackOptions,
): Promise<Entry> {
  const where = `e._entry < ${id}`;
  const [entry] = await entriesOf(history, key, { ...askingOf(how as never), where, order: 'DESC', limit: 1 });
  return entry as Entry;
}

/** Did it archive the row, or restore it? Of a paranoid model that is Sequelize's own, the time says. */
function edgeOf(model: ModelClass, { operation, values, before }: Entry): Edge | undefined {
  if (operation === 'archive' || operation === 'restore') return operation;
  const { deletedAt } = inside(model)._timestampAttributes ?? {};
  if (!deletedAt || operation !== 'update' || !before) return undefined;
  const [was, is] = [before.values[deletedAt] !== null, values[deletedAt] !== null];
  return was === is ? undefined : is ? 'archive' : 'restore';
}
