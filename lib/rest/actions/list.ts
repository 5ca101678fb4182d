import { type FindOptions, type Model, Op, type WhereOptions } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { inside } from '../../models/internals';
import type { State } from '../conditions';
import { linksTo, withLinks } from '../links';
import { mayBeRaw, present } from '../present';
import { after, cursorAt, placed } from '../query/cursor';
import { takeFilters } from '../query/filters';
import { type Page, takePage } from '../query/page';
import { type Shape, selected, takeShape } from '../query/shape';
import { type Answer, type Job, rowsIn, type Work } from '../work';

const NAMED = { live: 'live ', archived: 'archived ', any: 'live and archived ' };

/** GET of the rows in a state. */
export const list = (action: 'list' | 'listDeleted' | 'listWithDeleted', state: State): Job => ({
  action: () => action,
  describes: { summary: `List the ${NAMED[state]}rows`, takes: ['page', 'shape', 'filters'], answers: 'page' },
  async run(work) {
    const { settings, parameters } = work;
    const page = takePage(settings, parameters);
    const shape = takeShape(settings, parameters);
    const where = rowsIn(work, state, takeFilters(settings.model, settings.filters, parameters));
    parameters.end();
    const paranoid = state === 'live';
    const raw = mayBeRaw(settings, shape);
    const [rows, count] = await Promise.all([
      inside(settings.model).findAll({ ...queryOf(work, page, shape, where), paranoid, raw }),
      page.number === undefined
        ? undefined
        : inside(settings.model).count({ where, paranoid, ...eachOnce(settings.model) }),
    ]);
    return answerPage(work, page, shape, rows, count);
  },
});

/** A scope that includes makes several rows of one. */
const eachOnce = (model: ModelClass) =>
  'include' in inside(model)._scope && model.primaryKeyAttributes.length === 1 ? { include: [], distinct: true } : {};

/** What a query of a page has to ask. */
export function queryOf({ settings }: Work, page: Page, shape: Shape, where: WhereOptions): FindOptions {
  const { model } = settings;
  const { attributes, include } = selected(model, shape, true);
  const byCursor = page.number === undefined;
  return {
    attributes: [...(attributes as string[]), ...((byCursor ? placed(model, page.order) : []) as never[])],
    ...(include ? { include } : {}),
    where: page.after ? { [Op.and]: [where, after(model, page.order, page.after)] } : where,
    order: page.order.map(({ attribute, direction }) => [attribute, direction] as [string, string]),
    // One more, which tells whether there is a next page.
    limit: page.size + 1,
    ...(byCursor ? {} : { offset: (page.number - 1) * page.size }),
  };
}

/** The answer of a page of rows, of which there may be one more than it has. */
export async function answerPage(work: Work, page: Page, shape: Shape, rows: Model[], count?: number): Promise<Answer> {
  const shown = rows.slice(0, page.size);
  const last = rows.length > page.size ? shown.at(-1) : undefined;
  const results = await Promise.all(shown.map((instance) => present(work, instance, shape)));
  const body = { results, ...(count === undefined ? {} : { count }) };
  if (page.number !== undefined) return withLinks(work, body, linksTo(page.number, last !== undefined));
  return withLinks(work, body, last ? { next: { cursor: cursorAt(last, page.order) } } : {});
}
