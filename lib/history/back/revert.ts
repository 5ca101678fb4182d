import type { Model } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { HistoryError } from '../errors';
import { askingOf, type Entry } from '../reading/entries';
import { meantBy } from '../reading/find';
import { keyOfInstance } from '../reading/key';
import type { Located } from '../reading/located';
import { revertible, tells } from './attributes';
import { orAsBefore, putBack } from './put';
import { type BackOptions, inTransaction, presentRow } from './row';

/** Makes a row what it was in one of its versions. */
export async function revertTo<M extends Model>(instance: M, meant: unknown, options: BackOptions = {}): Promise<M> {
  return back(instance, options, async (history, entryOf) => {
    const entry = await entryOf(meant);
    const names = revertible(history).filter((name) => tells(history.model, entry, name));
    return new Map(names.map((name) => [name, entry]));
  });
}

/** Makes attributes of a row what they were, each in a version of its own. */
export async function revertNamed<M extends Model>(
  instance: M,
  meant: Readonly<Record<string, unknown>>,
  options: BackOptions = {},
): Promise<M> {
  return back(instance, options, async (history, entryOf) => {
    const wanted = new Map<string, Entry>();
    for (const [name, version] of Object.entries(meant)) {
      refuseOther(history, name);
      const entry = await entryOf(version);
      if (!(name in entry.values)) {
        throw new HistoryError(
          `${history.model.name}.revertFields(): version ${entry.number} tells nothing of "${name}", whose column came later.`,
        );
      }
      wanted.set(name, entry);
    }
    return wanted;
  });
}

function refuseOther(history: Located, name: string): void {
  const names = revertible(history);
  if (names.includes(name)) return;
  const { model, options } = history;
  const known = Object.hasOwn(inside(model).rawAttributes, name);
  const why = !known
    ? 'is no attribute of it'
    : options.exclude.includes(name) || options.filter.includes(name)
      ? 'is not kept by its history'
      : 'is none that can be put back';
  throw new DefinitionError(`${model.name}.revertFields(): "${name}" ${why}. Use some of: ${names.join(', ')}.`);
}

async function back<M extends Model>(
  instance: M,
  options: BackOptions,
  choose: (history: Located, entryOf: (meant: unknown) => Promise<Entry>) => Promise<ReadonlyMap<string, Entry>>,
): Promise<M> {
  const model = instance.constructor as ModelClass;
  const key = keyOfInstance(instance);
  return orAsBefore(instance, () =>
    inTransaction(model, options, async (how, history) => {
      // First of all: what is read after it is what the row is until the transaction ends.
      const row = await presentRow(model, key, how);
      const wanted = await choose(history, (meant) => meantBy(history, key, meant, askingOf(how as never)));
      await putBack(instance, { history, key, row }, wanted, how);
      return instance;
    }),
  );
}
