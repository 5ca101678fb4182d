import type { State } from '../conditions';
import { findRow } from '../find';
import { answerRow } from '../present';
import { takeShape } from '../query/shape';
import type { Job } from '../work';

const NAMED = { live: 'live', archived: 'archived', any: 'live or archived' };

/** GET of one row in a state. */
export const read = (action: 'read' | 'readDeleted' | 'readWithDeleted', state: State): Job => ({
  action: () => action,
  describes: { summary: `Read a row that is ${NAMED[state]}`, takes: ['shape'], answers: 'row' },
  async run(work) {
    const shape = takeShape(work.settings, work.parameters);
    work.parameters.end();
    return answerRow(work, await findRow(work, state, { shape }), shape);
  },
});
