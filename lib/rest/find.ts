import { type FindOptions, type Model, type Transaction, Transaction as Transactions } from 'sequelize';
import { inside } from '../models/internals';
import type { State } from './conditions';
import { ProblemError } from './problem/problem';
import { type Shape, selected } from './query/shape';
import { rowsIn, type Work } from './work';

/** Options of {@link findRow}. */
export interface Finding {
  readonly transaction?: Transaction;
  /** Is nobody else to write it until the transaction ends? */
  readonly lock?: boolean;
  /** Is it to be read where rows are written, and not from a replica? In a transaction it always is. */
  readonly fresh?: boolean;
  /** What of it is asked for. Default: all of it. */
  readonly shape?: Shape;
  /** Is its state of no interest, as there is no entity tag to make or to compare? */
  readonly stateless?: boolean;
}

/**
 * The row that the path names, in a state.
 *
 * @throws ProblemError (404) there is none in that state, or the request may not be about it
 */
export async function findRow(
  work: Work,
  state: State,
  { transaction, lock, fresh, shape, stateless }: Finding = {},
): Promise<Model> {
  const { model } = work.settings;
  const whole = shape ?? { fields: Object.keys(inside(model).rawAttributes), includes: [] };
  const options: FindOptions = {
    // All of it is what Sequelize selects by itself, which takes less time.
    ...(stateless && !shape && !('attributes' in inside(model)._scope) ? {} : selected(model, whole, stateless)),
    where: rowsIn(work, state, work.key),
    paranoid: state === 'live',
    ...(transaction ? { transaction } : {}),
    ...(fresh ? { useMaster: true } : {}),
    // Not FOR UPDATE, for which those would wait who insert children of the row.
    ...(lock ? { lock: { level: Transactions.LOCK.NO_KEY_UPDATE, of: model } } : {}),
  } as FindOptions;
  const found = await inside(model).findOne(options);
  if (found) return found;
  throw missing(work, state);
}

const STATES = { live: 'live ', archived: 'archived ', any: '' };

/** There is no such row. */
export const missing = ({ settings }: Work, state: State) =>
  new ProblemError(404, `There is no ${STATES[state]}${settings.model.name} with this key.`, { code: 'not-found' });
