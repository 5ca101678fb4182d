import type { Model } from 'sequelize';
import { asOf, countAsOf } from '../../history/reading';
import { answerPage, queryOf } from '../actions/list';
import { missing } from '../find';
import { present } from '../present';
import { takeFilters } from '../query/filters';
import { takePage } from '../query/page';
import { selected, takeShape } from '../query/shape';
import { type Job, rowsIn, type Work } from '../work';
import { all, pastOf, permittedNow, takeMoment } from './past';

/** GET of the rows that were live at a moment. */
export const listAsOf: Job = {
  action: () => 'listAsOf',
  describes: {
    summary: 'List the rows that were live at a moment',
    takes: ['moment', 'page', 'shape', 'filters'],
    answers: 'page',
    past: true,
  },
  async run(now) {
    const { work, moment } = past(now);
    const { settings, parameters } = work;
    const { model } = settings;
    const page = takePage(settings, parameters);
    const shape = takeShape(settings, parameters);
    const condition = takeFilters(model, settings.filters, parameters);
    parameters.end();
    const where = all(rowsIn(work, 'live', condition), permittedNow(work));
    const [rows, count] = await Promise.all([
      asOf(model, moment, { ...queryOf(work, page, shape, where), paranoid: true }) as Promise<Model[]>,
      page.number === undefined ? undefined : (countAsOf(model, moment, { where, paranoid: true }) as Promise<number>),
    ]);
    return answerPage(work, page, shape, rows, count);
  },
};

/** GET of one row as it was at a moment, when it was live. It has no entity tag: what was cannot be written. */
export const readAsOf: Job = {
  action: () => 'readAsOf',
  describes: {
    summary: 'Read a row as it was at a moment, when it was live',
    takes: ['moment', 'shape'],
    answers: 'row',
    past: true,
  },
  async run(now) {
    const { work, moment } = past(now);
    const { settings, parameters } = work;
    const { model } = settings;
    const shape = takeShape(settings, parameters);
    parameters.end();
    const where = all(rowsIn(work, 'live', work.key), permittedNow(work));
    const [row] = (await asOf(model, moment, {
      ...selected(model, shape),
      where,
      paranoid: true,
      limit: 1,
    })) as Model[];
    if (!row) throw missing(work, 'live');
    return { status: 200, body: await present(work, row, shape) };
  },
};

/** The request by what the past can tell of, and the moment that it asks about. */
function past(now: Work) {
  const work = { ...now, settings: pastOf(now.settings) };
  return { work, moment: takeMoment(work.settings.model, work.parameters) };
}
