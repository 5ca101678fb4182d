import type { Model, Transaction } from 'sequelize';
import type { State } from '../conditions';
import { findRow } from '../find';
import { answerRow } from '../present';
import { ProblemError } from '../problem/problem';
import type { Shape } from '../query/shape';
import { type Answer, conditionOf, type Work } from '../work';

/**
 * The answer of a row that was written, as the database has it now.
 *
 * @throws ProblemError (403) it is none any more that the request may be about; then all is undone
 */
export async function answerWritten(
  work: Work,
  instance: Model,
  shape: Shape,
  { transaction, state = 'live', ...answer }: { transaction: Transaction; state?: State } & Partial<Answer>,
): Promise<Answer> {
  const names = work.settings.model.primaryKeyAttributes as string[];
  const key = Object.fromEntries(names.map((name) => [name, instance.getDataValue(name as never)]));
  const found = await findRow({ ...work, key }, state, { transaction, shape }).catch((error) => {
    if (!(error instanceof ProblemError) || !conditionOf(work)) throw error;
    throw new ProblemError(403, 'You may not give a row these values.', { code: 'forbidden', cause: error });
  });
  return answerRow(work, found, shape, answer);
}
