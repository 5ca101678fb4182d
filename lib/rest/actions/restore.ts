import type { Model } from 'sequelize';
import { wasFirst } from '../../models/instanceArchive';
import { findRow, missing } from '../find';
import { match, wantedState } from '../precondition';
import { stateIn, takeShape } from '../query/shape';
import { inTransaction, type Job } from '../work';
import { answerWritten } from './written';

/** PATCH of one archived row, which is live then. */
export const restore: Job = {
  action: () => 'restore',
  describes: {
    summary: 'Restore an archived row',
    takes: ['shape'],
    answers: 'row',
    mayBe: [403, 409, 422],
    ifMatch: true,
  },
  writes: true,
  removes: true,
  async run(work) {
    const shape = takeShape(work.settings, work.parameters);
    work.parameters.end();
    const wanted = wantedState(work);
    return inTransaction(work, async (transaction) => {
      const row: Model = await findRow(work, 'archived', { transaction, lock: true });
      match(wanted, stateIn(row));
      await row.restore({ transaction });
      if (!wasFirst(row)) throw missing(work, 'archived');
      return answerWritten(work, row, shape, { transaction });
    });
  },
};
