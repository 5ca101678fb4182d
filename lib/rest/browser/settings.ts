import type { Model, ModelStatic } from 'sequelize';
import { DefinitionError } from '../../errors';
import { can, type ModelClass, settingsOf } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { fieldsOf } from '../fields';
import { isText } from '../query/values';
import { checkEntry, checkOptions } from './check';
import type { BrowserModel, BrowserOptions } from './options';

/** A model in the browser, with nothing left open. */
export interface Shelf {
  readonly model: ModelClass;
  /** What its path begins with. */
  readonly slug: string;
  readonly label: string;
  readonly deletedAt: string;
  readonly fields: readonly string[];
  readonly search: readonly string[];
  readonly title: string | undefined;
  /** Has it a history? */
  readonly versioned: boolean;
}

/** Options of a browser with nothing left open. */
export interface Settings {
  readonly shelves: readonly Shelf[];
  readonly title: string;
  readonly pageSize: number;
  readonly bulkLimit: number;
  readonly hooks: Pick<BrowserOptions, 'authorize' | 'revision'>;
}

/** @throws DefinitionError an option that there is not, or that names what there is not */
export function resolve(options: BrowserOptions): Settings {
  checkOptions(options);
  const shelves = options.models.map(shelfOf);
  for (const { slug, model } of shelves) {
    if (shelves.filter((other) => other.slug === slug).length === 1) continue;
    throw new DefinitionError(`archiveBrowser(): "${model.name}" is in "models" more than once. Name each model once.`);
  }
  const { title = 'Archive', pageSize = 25, bulkLimit = 100 } = options;
  return { shelves, title, pageSize, bulkLimit, hooks: options };
}

/** The model that a path names, decoded. */
export const shelfAt = ({ shelves }: Settings, slug: string): Shelf | undefined =>
  shelves.find((shelf) => shelf.model.name === slug);

function shelfOf(given: ModelStatic<Model> | BrowserModel): Shelf {
  const entry = (typeof given === 'function' ? { model: given } : given) as BrowserModel;
  checkEntry(entry);
  const model = entry.model as unknown as ModelClass;
  const { deletedAt } = settingsOf(model).attributes;
  const fields = fieldsOf(model, entry.fields as readonly string[] | undefined);
  const texts = fields.filter((name) => isText(model, name) && !inside(model)._virtualAttributes.has(name));
  const keys: readonly string[] = model.primaryKeyAttributes;
  const among = (option: 'search' | 'title', names: readonly string[], of: readonly string[]) => {
    const other = names.find((name) => !of.includes(name));
    if (other === undefined) return names;
    const use = of.length > 0 ? `Use of: ${of.join(', ')}.` : 'There is none; leave the option out.';
    const what = option === 'search' ? 'no attribute of text that is shown' : 'no attribute that is shown';
    throw new DefinitionError(`${model.name}: "${other}" of the option "${option}" is ${what}. ${use}`);
  };
  const [title] =
    entry.title === undefined ? texts.filter((name) => !keys.includes(name)) : among('title', [entry.title], fields);
  return {
    model,
    slug: encodeURIComponent(Buffer.from(model.name).toString()),
    label: entry.label ?? model.options.name?.plural ?? model.name,
    deletedAt,
    fields,
    search: entry.search ? among('search', entry.search as readonly string[], texts) : texts,
    title,
    versioned: can(model, 'versioned'),
  };
}
