import { blank, valuesOf } from '../body/values';
import { findRow } from '../find';
import { match, wantedState } from '../precondition';
import { shown } from '../present';
import { stateIn, takeShape } from '../query/shape';
import { inTransaction, type Job } from '../work';
import { answerWritten } from './written';

/** PUT, which writes a row whole, and PATCH, which writes what the body says. */
export const update = (action: 'replace' | 'update'): Job => ({
  action: () => action,
  describes: {
    summary: action === 'replace' ? 'Write a live row whole' : 'Write what the body says of a live row',
    takes: ['shape'],
    body: action,
    answers: 'row',
    mayBe: [403, 409],
    ifMatch: true,
  },
  writes: true,
  async run(work) {
    const { settings, parameters } = work;
    const shape = takeShape(settings, parameters);
    parameters.end();
    const wanted = wantedState(work);
    // Before the row is locked: a client may take its time to send it.
    await work.body();
    return inTransaction(work, async (transaction) => {
      const row = await findRow(work, 'live', { transaction, lock: true });
      match(wanted, stateIn(row));
      const asShown = shown(row, { fields: settings.fields, includes: [] });
      const said = await valuesOf(work, asShown, action === 'update' ? row : undefined);
      const values = action === 'replace' ? { ...blank(settings, said), ...said } : said;
      await row.update({ ...values }, { transaction });
      return answerWritten(work, row, shape, { transaction });
    });
  },
});
