import type { Transaction, WhereOptions } from 'sequelize';
import type { State } from '../conditions';
import { removedBy } from '../count';
import { ProblemError } from '../problem/problem';
import { takeFilters } from '../query/filters';
import { type Answer, inTransaction, type Job, rowsIn, type Work } from '../work';
import { takePermanent } from './permanent';

interface Picked {
  readonly where: WhereOptions;
  readonly limit: number;
  readonly transaction: Transaction;
}
/** A bulk call of a soft-deletable model; answers how many rows it changed. */
type Bulk = (options: Picked) => Promise<number>;
type Soft = Readonly<Record<'destroy' | 'restore' | 'hardDelete', Bulk>>;
type Change = (model: Soft, options: Picked) => Promise<number>;

/** DELETE of the rows that the filters pick: of live ones softly, of any for good. */
export const removeMany: Job = {
  action: (parameters) => (takePermanent(parameters) ? 'hardDeleteMany' : 'deleteMany'),
  describes: {
    summary: 'Archive the live rows that the filters pick, all or none; or remove rows for good',
    takes: ['filters', 'permanent'],
    answers: 'removed',
    mayBe: [403, 409, 422],
  },
  writes: true,
  removes: true,
  async run(work) {
    if (work.context.action === 'deleteMany') return bulk(work, 'live', (model, options) => model.destroy(options));
    if (!work.settings.bulk.hardDelete) {
      const detail = 'Rows are not removed for good in bulk here. Archive them, or remove them one by one.';
      throw new ProblemError(403, detail, { code: 'bulk-hard-delete-off' });
    }
    return bulk(work, 'any', (model, options) => model.hardDelete(options), true);
  },
};

/** PATCH of the archived rows that the filters pick, which are live then. */
export const restoreMany: Job = {
  action: () => 'restoreMany',
  describes: {
    summary: 'Restore the archived rows that the filters pick, all or none',
    takes: ['filters'],
    answers: 'restored',
    mayBe: [403, 409, 422],
  },
  writes: true,
  removes: true,
  run: (work) => bulk(work, 'archived', (model, options) => model.restore(options)),
};

async function bulk(work: Work, state: State, change: Change, counted = false): Promise<Answer> {
  const { settings, parameters } = work;
  const where = rowsIn(work, state, takeFilters(settings.model, settings.filters, parameters));
  parameters.end();
  const { limit, content } = settings.bulk;
  return inTransaction(work, async (transaction) => {
    const run = async () => {
      // One more than may be, which tells that there are too many.
      const count = await change(settings.model as unknown as Soft, { where, limit: limit + 1, transaction });
      if (count > limit) throw tooMany(limit);
      return count;
    };
    if (!content || !counted) {
      const count = await run();
      return content ? { status: 200, body: { count } } : { status: 204 };
    }
    const perModel = await removedBy(settings.model, transaction, run);
    const count = Object.values(perModel).reduce((sum, each) => sum + each, 0);
    return { status: 200, body: { count, count_per_model: perModel } };
  });
}

const tooMany = (limit: number) =>
  new ProblemError(422, `More than ${limit} rows would be changed, so none was. Narrow the filter.`, {
    code: 'too-many-rows',
    members: { limit },
  });
