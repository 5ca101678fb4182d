import { type ModelClass, optionsOf } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { copy } from '../../models/tracked/copy';
import { same } from '../../models/tracked/equality/same';
import { versionAttributeOf } from '../../models/version';
import { FILTERED_CHANGED } from '../columns';
import { versionedOptionsOf } from '../options';
import type { Entry } from './entries';

/** Values by attribute. */
export type Values = Readonly<Record<string, unknown>>;

/** What differs, by attribute: from what to what. */
export type Differences = Record<string, { old: unknown; new: unknown }>;

/** What an entry changed. Nothing, where it is not known what the row was before. */
export function changesOf(model: ModelClass, { operation, values, before }: Entry): Differences {
  if (operation === 'insert') return inserted(model, values);
  if (!before || before.operation === 'delete') return {};
  const hidden = (name: string) =>
    values[name] === FILTERED_CHANGED || (values[name] === null) !== (before.values[name] === null);
  return differences(model, before.values, values, hidden);
}

/** What differs between two states of a row; of a filtered attribute `hidden` tells, since its values are not known. */
export function differences(
  model: ModelClass,
  old: Values,
  now: Values,
  hidden: (name: string) => boolean,
): Differences {
  const filtered = versionedOptionsOf(model)?.filter ?? [];
  const differs = (name: string) =>
    filtered.includes(name)
      ? hidden(name)
      : !same(inside(model).rawAttributes[name]?.type, old[name] ?? null, now[name] ?? null);
  return told(
    // Of an attribute that came later it is not known what it was.
    Object.keys(now).filter((name) => name in old && !everChanging(model).includes(name) && differs(name)),
    (name) => ({ old: copy(old[name] ?? null), new: copy(now[name] ?? null) }),
  );
}

function inserted(model: ModelClass, values: Values): Differences {
  const names = Object.keys(values).filter((name) => !everChanging(model).includes(name) && values[name] !== null);
  return told(names, (name) => ({ old: undefined, new: copy(values[name]) }));
}

const told = (names: readonly string[], tell: (name: string) => { old: unknown; new: unknown }): Differences =>
  Object.fromEntries(names.map((name) => [name, tell(name)]));

/** What every change changes, which is not worth telling. */
function everChanging(model: ModelClass): (string | undefined)[] {
  return [
    versionAttributeOf(model),
    inside(model)._timestampAttributes?.updatedAt,
    optionsOf(model)?.attributes.updatedAt,
  ];
}
