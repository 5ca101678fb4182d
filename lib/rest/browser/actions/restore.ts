import type { Model, Sequelize, Transaction } from 'sequelize';
import { withRevision } from '../../../history/revision';
import { wasFirst } from '../../../models/instanceArchive';
import type { SoftDeletableInstance } from '../../../models/softDeletableTypes';
import { problemOf } from '../../problem';
import { ProblemError } from '../../problem/problem';
import { type Html, html } from '../html';
import { findRow } from '../rows';
import type { Shelf } from '../settings';
import { nameOf } from '../value';
import { rowsText } from '../views/counts';
import { contextOf, type Permitted, pathOf, permission, type Visit } from '../visit';
import { bodyOf } from './body';
import { type Chosen, chosenBy } from './chosen';

/** What became of a row: it is live again, with nothing to say; or refused or not archived, and why. */
interface Outcome extends Chosen {
  readonly name: string;
  /** Was it live when its turn came? */
  readonly early?: boolean;
  readonly why?: ProblemError;
}

/** Restores rows, each in a transaction of its own, and says what became of each. */
export async function restore(visit: Visit, shelf: Shelf): Promise<Html> {
  const { keys } = await bodyOf(visit, ['keys']);
  const chosen = chosenBy(visit, shelf, keys);
  const [only] = chosen.length === 1 ? chosen : [];
  const permitted = await permission(visit, shelf, 'restore', only?.key);
  const run = () => restoreAll(shelf, permitted, chosen);
  const revision = await visit.settings.hooks.revision?.(contextOf(visit, shelf, 'restore', only?.key));
  const outcomes = await (revision ? withRevision(revision, run) : run());
  return view(visit, shelf, outcomes);
}

async function restoreAll(shelf: Shelf, permitted: Permitted, chosen: readonly Chosen[]): Promise<Outcome[]> {
  const isOnly = chosen.length === 1;
  const outcomes = new Map<Chosen, Outcome>();
  // A row may be refused for the sake of one that comes after it. The way back is for chains of such, which are done in it.
  for (let left = [...chosen], before = 0; left.length > 0 && left.length !== before; ) {
    before = left.length;
    for (const each of left) outcomes.set(each, await restoreOne(shelf, permitted, each, isOnly));
    left = left.filter((each) => needsParent(outcomes.get(each)?.why)).reverse();
  }
  return chosen.map((each) => outcomes.get(each) as Outcome);
}

const isOf = (code: string, error: unknown) =>
  error instanceof ProblemError && String(error.body.type).endsWith(`:${code}`);
const needsParent = (why: ProblemError | undefined) => isOf('parent-archived', why);

async function restoreOne(shelf: Shelf, permitted: Permitted, chosen: Chosen, isOnly: boolean): Promise<Outcome> {
  let name = `${shelf.model.name} ${chosen.segment}`;
  const work = async (transaction: Transaction) => {
    const row = (await findRow(shelf, chosen.key, 'archived', permitted, {
      transaction,
      lock: 'NO_KEY_UPDATE',
    })) as Model & SoftDeletableInstance;
    name = nameOf(shelf, row);
    await row.restore({ transaction });
    if (!wasFirst(row)) throw new ProblemError(404, 'It was restored, or purged, by somebody else just now.');
  };
  try {
    await (shelf.model.sequelize as Sequelize).transaction(work);
    return { ...chosen, name };
  } catch (error) {
    const there = !isOnly && isOf('not-found', error) && (await liveRow(shelf, permitted, chosen));
    if (there) return { ...chosen, name: nameOf(shelf, there), early: true };
    return { ...chosen, name, why: problemOf(error, 'remove') ?? unknown(error, isOnly) };
  }
}

const liveRow = (shelf: Shelf, permitted: Permitted, { key }: Chosen) =>
  findRow(shelf, key, 'live', permitted).catch((error) => {
    if (error instanceof ProblemError) return undefined;
    throw error;
  });

/** A fault of the application's. Where others are restored already it must not hide what became of them. */
function unknown(error: unknown, isOnly: boolean): ProblemError {
  if (isOnly) throw error;
  process.emitWarning(error as Error);
  return new ProblemError(500, 'It failed by an error of the application.', { cause: error });
}

function view(visit: Visit, shelf: Shelf, outcomes: readonly Outcome[]): Html {
  const back = outcomes.filter(({ why }) => !why).length;
  const title =
    back === outcomes.length ? `${rowsText(back)} restored` : `${back} of ${rowsText(outcomes.length)} restored`;
  const line = ({ name, early, why }: Outcome) =>
    html`<tr><th scope="row"><bdi>${name}</bdi></th><td>${
      why
        ? html`<span class="no">✗ not restored</span><br>${why.message}`
        : early
          ? html`<span class="yes">✓ is live</span>: it came back with another one, or somebody was faster`
          : html`<span class="yes">✓ restored</span>, with what was archived with it`
    }</td></tr>`;
  return html`<h2 id="dialog-title" tabindex="-1" data-after="${back > 0 || outcomes.length > 1 ? pathOf(visit.base, shelf) : ''}">${title}</h2>
<div class="card"><table><thead><tr><th scope="col">Row</th><th scope="col">What happened</th></tr></thead><tbody>${outcomes.map(line)}</tbody></table></div>
<p class="buttons"><button type="button" data-close class="act">Done</button></p>`;
}
