import { DefinitionError } from '../../../errors';
import type { ModelClass } from '../../../models/capabilities';
import { inside, type ModelInternals } from '../../../models/internals';
import { askingOf } from '../entries';
import { type Asking, locate } from '../located';
import type { Moment } from '../moment';
import { type Included, modelsOf } from './models';
import { rendering } from './rendering';
import { nameOf, Shadows } from './shadows';

type QueryInterface = ModelInternals['queryInterface'];

/** The option by which a query says of when it is. A string: Sequelize copies no symbols, and hands it to separate includes. */
const PAST = 'guitarsPast';

/** Options of a query, made ones of one at a moment. */
export const atMoment = (options: object, moment: Moment): object => ({ ...options, [PAST]: { moment } });

interface Select extends Included, Asking {
  [PAST]?: { readonly moment: Moment };
  readonly lock?: unknown;
}

/** `select` and `rawSelect` of a query interface, which know the past. */
export function pastSelects(base: QueryInterface): Pick<QueryInterface, 'select' | 'rawSelect'> {
  return {
    async select(model, table, options: Select) {
      if (!options[PAST]) return base.select(model, table, options);
      const shadows = await shadowsFor(model as ModelClass, options);
      withoutUnknown(shadows, model as ModelClass, options);
      return explaining(model as ModelClass, () => inPast(base, shadows).select(model, table, options));
    },
    async rawSelect(table, options: Select, attribute, model) {
      if (!options[PAST]) return base.rawSelect(table, options, attribute, model);
      const shadows = await shadowsFor(model as ModelClass, options);
      return explaining(model as ModelClass, () => inPast(base, shadows).rawSelect(table, options, attribute, model));
    },
  };
}

async function shadowsFor(model: ModelClass, options: Select): Promise<Shadows> {
  if (options.lock) {
    throw new DefinitionError(
      `${model.name}.asOf(): what was cannot be locked. Leave out "lock", and lock the rows as they are now.`,
    );
  }
  const models = new Map(modelsOf(model, options).map((each) => [nameOf(each), each]));
  const { moment } = options[PAST] as { moment: Moment };
  return new Shadows(await locate([...models.values()], askingOf(options)), moment);
}

/** A query interface in whose SELECTs the shadows of models stand for their tables. */
function inPast(base: QueryInterface, shadows: Shadows): QueryInterface {
  const { queryGenerator } = base;
  // What it makes within itself, it makes as ever: one WITH serves all.
  const selectQuery = (_table: unknown, options: object, model: unknown) =>
    `${shadows.with} ${rendering(shadows, () => queryGenerator.selectQuery(shadows.of(model as ModelClass), options, model))}`;
  return Object.create(base, {
    queryGenerator: { value: Object.create(queryGenerator, { selectQuery: { value: selectQuery } }) },
  });
}

/** What history does not tell of is missing, not null. */
function withoutUnknown(shadows: Shadows, model: ModelClass, options: Included): void {
  const columns = new Set(Object.values(inside(model).rawAttributes).map(({ field }) => field));
  options.attributes = options.attributes?.filter((attribute) => {
    const column = Array.isArray(attribute) ? attribute[0] : attribute;
    return typeof column !== 'string' || !columns.has(column) || shadows.knows(model, column);
  });
  for (const each of options.include ?? []) {
    if (!each.separate) withoutUnknown(shadows, each.model as ModelClass, each);
  }
}

const UNDEFINED_COLUMN = '42703';

async function explaining<T>(model: ModelClass, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const { code, message } = (error as { parent?: { code?: string; message?: string } }).parent ?? {};
    if (code !== UNDEFINED_COLUMN) throw error;
    throw new DefinitionError(
      `${model.name}.asOf(): ${message}. Excluded and filtered attributes have no past: leave them out of where, order, group and the keys of includes.`,
      { cause: error },
    );
  }
}
