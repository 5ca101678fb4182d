import type { Model, Transaction } from 'sequelize';
import { wasFirst } from '../../models/instanceArchive';
import type { SoftDeletableInstance } from '../../models/softDeletableTypes';
import { findRow, missing } from '../find';
import { match, wantedState } from '../precondition';
import { stateIn } from '../query/shape';
import { conditionOf, inTransaction, type Job, type Work } from '../work';
import { takePermanent } from './permanent';

type Soft = Model & SoftDeletableInstance;

/** DELETE of one row: of a live one softly, of any one for good. */
export const remove: Job = {
  action: (parameters) => (takePermanent(parameters) ? 'hardDelete' : 'delete'),
  describes: {
    summary: 'Archive a live row; or remove one for good',
    takes: ['permanent'],
    answers: 'nothing',
    mayBe: [403, 409, 422],
    ifMatch: true,
  },
  writes: true,
  removes: true,
  async run(work) {
    work.parameters.end();
    const wanted = wantedState(work);
    // Where nothing is compared the statement itself tells whether it was the one. A row that it has to be stays so.
    if (wanted === undefined && !conditionOf(work)) await removeRow(work);
    else await inTransaction(work, (transaction) => removeRow(work, transaction, wanted));
    return { status: 204 };
  },
};

async function removeRow(work: Work, transaction?: Transaction, wanted?: ReturnType<typeof wantedState>) {
  const forGood = work.context.action === 'hardDelete';
  const state = forGood ? 'any' : 'live';
  const row = (await findRow(work, state, {
    transaction,
    lock: transaction !== undefined,
    fresh: true,
    stateless: wanted === undefined,
  })) as Soft;
  match(wanted, stateIn(row));
  if (forGood) return row.hardDelete({ transaction });
  await row.destroy({ transaction });
  if (!wasFirst(row)) throw missing(work, 'live');
}
