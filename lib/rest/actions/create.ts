import { inside } from '../../models/internals';
import { valuesOf } from '../body/values';
import { segmentOf } from '../key';
import { takeShape } from '../query/shape';
import { inTransaction, type Job } from '../work';
import { answerWritten } from './written';

/** POST of a new row. */
export const create: Job = {
  action: () => 'create',
  describes: {
    summary: 'Create a row',
    takes: ['shape'],
    body: 'create',
    answers: 'created',
    mayBe: [403, 409],
  },
  writes: true,
  async run(work) {
    const { settings, context, parameters } = work;
    const shape = takeShape(settings, parameters);
    parameters.end();
    const values = await valuesOf(work);
    return inTransaction(work, async (transaction) => {
      const made = await inside(settings.model)
        .build({ ...values })
        .save({ transaction });
      const { baseUrl, path } = context.request;
      // A handler alone has the path that it was put at.
      const headers = { Location: `${`${baseUrl}${path}`.replace(/\/$/, '')}/${segmentOf(made)}` };
      return answerWritten(work, made, shape, { transaction, status: 201, headers });
    });
  },
};
