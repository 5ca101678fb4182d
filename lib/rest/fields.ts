import { DefinitionError } from '../errors';
import { timesOf } from '../models/attributes';
import { type ModelClass, settingsOf } from '../models/capabilities';
import { inside } from '../models/internals';
import { versionAttributeOf } from '../models/version';

/** @throws DefinitionError a name is no attribute of the model */
export function named(model: ModelClass, option: string, names: readonly string[]): readonly string[] {
  const known = Object.keys(inside(model).rawAttributes);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new DefinitionError(
      `${model.name}: "${name}" of the option "${option}" is no attribute. Use one of: ${known.join(', ')}.`,
    );
  }
  return [...new Set(names)];
}

/** The attributes that clients see: those given, else those of the model's scope. */
export function fieldsOf(
  model: ModelClass,
  given: readonly string[] | undefined,
  option = 'fields',
): readonly string[] {
  if (given) return named(model, option, given);
  const { attributes } = inside(model)._scope as {
    attributes?: readonly unknown[] | { include?: readonly unknown[]; exclude?: readonly unknown[] };
  };
  const all = Object.keys(inside(model).rawAttributes);
  if (!attributes) return all;
  if (Array.isArray(attributes)) return all.filter((name) => attributes.includes(name));
  const { exclude = [] } = attributes as { exclude?: readonly unknown[] };
  return all.filter((name) => !exclude.includes(name));
}

/** The attributes that clients write. */
export function writableOf(
  model: ModelClass,
  fields: readonly string[],
  given: readonly string[] | undefined,
): readonly string[] {
  const kept = keptOf(model);
  if (!given) return fields.filter((name) => !kept.has(name) && !isMade(model, name));
  for (const name of named(model, 'writable', given)) {
    if (!kept.has(name)) continue;
    throw new DefinitionError(
      `${model.name}: "${name}" is kept by the database. Take it out of the option "writable".`,
    );
  }
  return given;
}

/** What the database keeps by itself. */
function keptOf(model: ModelClass): ReadonlySet<string> {
  const { attributes } = settingsOf(model);
  const times = timesOf(model).map((time) => attributes[time]);
  const version = versionAttributeOf(model);
  return new Set([...times, ...(version ? [version] : []), ...inside(model)._readOnlyAttributes]);
}

/** Is it a key that the database makes, or an attribute without a column? */
function isMade(model: ModelClass, name: string): boolean {
  const { autoIncrement } = (inside(model).rawAttributes[name] ?? {}) as { autoIncrement?: boolean };
  return autoIncrement === true || inside(model)._virtualAttributes.has(name);
}
