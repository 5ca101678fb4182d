import { type FindOptions, type Model, Op, type WhereOptions } from 'sequelize';
import { inside } from '../../models/internals';
import { present } from '../present';
import { after, cursorAt, placed } from '../query/cursor';
import { takeFilters } from '../query/filters';
import { type Page, takePage } from '../query/page';
import { type Shape, selected, takeShape } from '../query/shape';
import { type Answer, type Job, rowsIn, type State, type Work } from '../work';

/** GET of the rows in a state. */
export const list = (action: 'list' | 'listDeleted' | 'listWithDeleted', state: State): Job => ({
  action: () => action,
  async run(work) {
    const { settings, parameters } = work;
    const page = takePage(settings, parameters);
    const shape = takeShape(settings, parameters);
    const where = rowsIn(work, state, takeFilters(settings.model, settings.filters, parameters));
    parameters.end();
    const paranoid = state === 'live' ? {} : { paranoid: false };
    const [rows, count] = await Promise.all([
      find(work, page, shape, where, paranoid),
      page.number === undefined ? undefined : inside(settings.model).count({ where, ...paranoid }),
    ]);
    return answer(work, page, shape, rows, count);
  },
});

function find({ settings }: Work, page: Page, shape: Shape, where: WhereOptions, paranoid: object): Promise<Model[]> {
  const { model } = settings;
  const { attributes, include } = selected(model, shape);
  const byCursor = page.number === undefined;
  const options: FindOptions = {
    attributes: [...(attributes as string[]), ...((byCursor ? placed(model, page.order) : []) as never[])],
    ...(include ? { include } : {}),
    where: page.after ? { [Op.and]: [where, after(model, page.order, page.after)] } : where,
    order: page.order.map(({ attribute, direction }) => [attribute, direction] as [string, string]),
    // One more, which tells whether there is a next page.
    limit: page.size + 1,
    ...(byCursor ? {} : { offset: (page.number - 1) * page.size }),
    ...paranoid,
  };
  return inside(model).findAll(options);
}

async function answer(work: Work, page: Page, shape: Shape, rows: Model[], count?: number): Promise<Answer> {
  const shown = rows.slice(0, page.size);
  const last = rows.length > page.size ? shown.at(-1) : undefined;
  const to = (changes: object) => link(work.context.request.originalUrl, changes);
  const { number } = page;
  const next = last && (number === undefined ? to({ cursor: cursorAt(last, page.order) }) : to({ page: number + 1 }));
  const previous = number !== undefined && number > 1 ? to({ page: number - 1 }) : undefined;
  const results = await Promise.all(shown.map((instance) => present(work, instance, shape)));
  const links = [next && `<${next}>; rel="next"`, previous && `<${previous}>; rel="prev"`].filter(Boolean);
  return {
    status: 200,
    body: { results, ...(count === undefined ? {} : { count }), next: next ?? null, previous: previous ?? null },
    headers: links.length > 0 ? { Link: links.join(', ') } : {},
  };
}

/** The URL of the request, with other parameters. */
function link(url: string, changes: object): string {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) parameters.set(name, String(value));
  return `${path}?${parameters}`;
}
