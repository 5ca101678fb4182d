import { versionedOptionsOf } from '../../history/options';
import { partsOf, type Version } from '../../history/reading/version';
import { inside } from '../../models/internals';
import { copy } from '../../models/tracked/copy';
import { present } from '../present';
import type { Work } from '../work';

type Values = Readonly<Record<string, unknown>>;
type Differences = Record<string, { old: unknown; new: unknown }>;
type Entry = NonNullable<ReturnType<typeof partsOf>>['entry'];

/** A version as clients see it: of its values and changes, what they see of a row. */
export async function faceOfVersion(work: Work, version: Version): Promise<object> {
  const { number, operation, at, actor, comment, context } = version;
  const { values, before } = entryOf(version);
  const face = await faceOf(work, values);
  const isFirst = operation === 'insert' || !before || before.operation === 'delete';
  const old = isFirst ? {} : await faceOf(work, before.values);
  const isKnown = operation === 'insert' || !isFirst;
  const changes = isKnown ? differing(work, version.changedFields, old, face) : {};
  return { number, operation, at, actor, comment, context, changes, values: face };
}

/** What differs between two versions as clients see it; `names` are the attributes that do. */
export async function faceOfDiff(work: Work, names: readonly string[], a: Version, b: Version): Promise<Differences> {
  return differing(work, names, await faceOf(work, entryOf(a).values), await faceOf(work, entryOf(b).values));
}

const entryOf = (version: Version) => partsOf(version)?.entry as Entry;

/** A row as it was; of what is filtered its marker. */
async function faceOf(work: Work, values: Values): Promise<unknown> {
  const { model, fields, hooks } = work.settings;
  const { filter = [] } = versionedOptionsOf(model) ?? {};
  const known = Object.fromEntries(Object.entries(values).filter(([name]) => !filter.includes(name)));
  const instance = inside(model).build(copy(known), { isNewRecord: false, raw: true });
  const face = await present(work, instance, { fields, includes: [] });
  if (hooks.serialize) return face;
  const marked = filter.filter((name) => fields.includes(name) && name in values);
  return { ...(face as object), ...Object.fromEntries(marked.map((name) => [name, values[name]])) };
}

/** Where `serialize` says what clients see, only what differs in that is told: what it hides stays hidden. */
function differing({ settings }: Work, names: readonly string[], old: unknown, now: unknown): Differences {
  if (!isRecord(old) || !isRecord(now)) return {};
  const { fields, hooks } = settings;
  const told = hooks.serialize
    ? [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((name) => text(old[name]) !== text(now[name]))
    : names.filter((name) => fields.includes(name));
  return Object.fromEntries(told.map((name) => [name, { old: old[name] ?? null, new: now[name] ?? null }]));
}

const isRecord = (value: unknown): value is Values => typeof value === 'object' && value !== null;
const text = (value: unknown) => JSON.stringify(value ?? null);
