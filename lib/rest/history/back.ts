import type { Model } from 'sequelize';
import { type BackOptions, revertFields as revert, revertTo, undo as undoLast } from '../../history/back';
import type { Version } from '../../history/reading';
import { answerWritten } from '../actions/written';
import type { State } from '../conditions';
import type { Description } from '../describe';
import { findRow } from '../find';
import type { Action } from '../options';
import { match, wantedState } from '../precondition';
import { stateIn, takeShape } from '../query/shape';
import { inTransaction, type Job, type Work } from '../work';
import { fieldsIn, nothingIn, versionIn } from './body';
import { presentSubject, versionNumbered } from './subject';

type VersionOf = (number: number) => Promise<Version>;
type Change = (row: Model, options: BackOptions, versionOf: VersionOf) => Promise<unknown>;

/** POST that puts attributes of a row back, of those that clients write. */
export const revertFields = back(
  'revertFields',
  { state: 'live', summary: 'Put attributes of a live row back, each from a version', body: 'revertFields' },
  async (work) => {
    const fields = await fieldsIn(work);
    return async (row, options, versionOf) => {
      const versions: [string, Version][] = [];
      for (const [name, number] of Object.entries(fields)) versions.push([name, await versionOf(number)]);
      await revert(row, Object.fromEntries(versions), options);
    };
  },
);

/** POST that puts a whole row back: also attributes that clients do not write. */
export const rollBack = back(
  'rollBack',
  { state: 'live', summary: 'Put a live row back to a version', body: 'rollBack' },
  async (work) => {
    const number = await versionIn(work);
    return async (row, options, versionOf) => revertTo(row, await versionOf(number), options);
  },
);

/** POST that undoes the last change of a row; what was archived is live then, and the other way round. */
export const undo = back(
  'undo',
  { state: 'any', summary: 'Undo the last change of a row', body: 'undo' },
  async (work) => {
    await nothingIn(work);
    return (row, options) => undoLast(row, options);
  },
);

/** `read` reads the body, before the row is locked: a client may take its time to send it. */
function back(
  action: Action,
  { state, ...told }: { readonly state: State } & Pick<Description, 'summary' | 'body'>,
  read: (work: Work) => Promise<Change>,
): Job {
  return {
    action: () => action,
    describes: { ...told, takes: ['shape'], answers: 'row', mayBe: [403, 409, 422], ifMatch: true },
    writes: true,
    async run(work) {
      const shape = takeShape(work.settings, work.parameters);
      work.parameters.end();
      const wanted = wantedState(work);
      const change = await read(work);
      return inTransaction(work, async (transaction) => {
        const row = await findRow(work, state, { transaction, lock: true });
        match(wanted, stateIn(row));
        const versionOf = async (number: number) =>
          versionNumbered(await presentSubject(work, { transaction }), number);
        await change(row, { transaction }, versionOf);
        return answerWritten(work, row, shape, { transaction, state });
      });
    },
  };
}
