import type { Model, ModelStatic } from 'sequelize';
import { DefinitionError } from '../errors';
import { can, type ModelClass, settingsOf } from '../models/capabilities';
import { inside } from '../models/internals';
import { numberOption, refuseUnknownOptions, sizeOption } from './check';
import { fieldsOf, named, writableOf } from './fields';
import type { RestOptions } from './options';
import { type Filters, filtersOf } from './query/filters';
import { type Includes, includesOf } from './query/includes';
import { refuseUnfit } from './query/values';

/** Options of a router with nothing left open. */
export interface Settings {
  readonly model: ModelClass;
  /** The attribute that says whether a row is archived. */
  readonly deletedAt: string;
  readonly path: string;
  readonly fields: readonly string[];
  readonly writable: readonly string[];
  readonly filters: Filters;
  readonly sort: readonly string[];
  readonly includes: Includes;
  readonly page: { readonly size: number; readonly max: number; readonly maxOffset: number };
  readonly bulk: { readonly hardDelete: boolean; readonly content: boolean; readonly limit: number };
  readonly bodyLimit: number | string;
  readonly requireIfMatch: boolean;
  readonly history: boolean;
  readonly hooks: Pick<RestOptions, 'authorize' | 'serialize' | 'validate' | 'revision'>;
}

/** @throws DefinitionError the model has no soft deletion, or an option names what there is not */
export function resolve<M extends Model>(given: ModelStatic<M>, options: RestOptions<M> = {}): Settings {
  refuseOthers(given as unknown as ModelClass, options as RestOptions);
  const model = withoutOrder(given as unknown as ModelClass);
  const all = options as unknown as RestOptions;
  const fields = fieldsOf(model, all.fields);
  const max = numberOption(model, 'pageSize.max', options.pageSize?.max, 100);
  return {
    model,
    deletedAt: settingsOf(model).attributes.deletedAt,
    path: options.path ?? `/${kebab(model.options.name?.plural ?? model.name)}`,
    fields,
    writable: writableOf(model, fields, all.writable),
    filters: filtersOf(model, all.filter),
    sort: sortOf(model, all.sort ?? []),
    includes: includesOf(model, all.include),
    page: {
      max,
      size: Math.min(numberOption(model, 'pageSize.default', options.pageSize?.default, 25), max),
      maxOffset: numberOption(model, 'maxOffset', options.maxOffset, 10_000, 0),
    },
    bulk: {
      hardDelete: options.bulkHardDelete === true,
      content: options.bulkResponseContent === true,
      limit: numberOption(model, 'bulkLimit', options.bulkLimit, 1000),
    },
    bodyLimit: sizeOption(model, 'bodyLimit', options.bodyLimit ?? '100kb'),
    requireIfMatch: options.requireIfMatch === true,
    history: options.history === true,
    hooks: all,
  };
}

function sortOf(model: ModelClass, names: readonly string[]): readonly string[] {
  const sort = named(model, 'sort', names);
  for (const name of sort) refuseUnfit(model, name, 'sort');
  return sort;
}

/** Sequelize would put the order of a scope before that of a request, and leave out rows that a page is to have. */
function withoutOrder(model: ModelClass): ModelClass {
  const { order, limit, offset, ...rest } = inside(model)._scope as Record<string, unknown>;
  if (order === undefined && limit === undefined && offset === undefined) return model;
  return (model as unknown as ModelStatic<Model>).unscoped().scope(rest as never) as unknown as ModelClass;
}

const kebab = (name: string) => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

function refuseOthers(model: ModelClass, options: RestOptions): void {
  if (typeof model !== 'function' || !can(model, 'soft')) {
    throw new DefinitionError(
      `softDeleteRouter() serves models with soft deletion, and ${model?.name ?? String(model)} is none. Extend Guitar(Model).`,
    );
  }
  settingsOf(model);
  refuseUnknownOptions(model, options);
  if (options.history && !can(model, 'versioned')) {
    throw new DefinitionError(
      `${model.name}: the option "history" is for Versioned models. Extend Versioned(Guitar(Model)).`,
    );
  }
}
