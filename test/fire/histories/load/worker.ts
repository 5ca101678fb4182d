import type { Operation, Plan } from './operation';
import type { Session } from './session';
import { isLost, isRetried, type Tally } from './tally';

/** A worker, its session and what it is to do. */
export interface Worker {
  readonly name: string;
  readonly session: Session;
  readonly plans: readonly Plan[];
}

/** Runs all plans of a worker. No error ends it: each is counted, and the transaction is rolled back or taken up at its savepoint. */
export async function work(worker: Worker, tally: Tally, cut: (victim: number) => Promise<void>): Promise<void> {
  const { session, plans, name } = worker;
  await session.open();
  for (const [n, plan] of plans.entries()) {
    if (plan.victim !== undefined) await cut(plan.victim);
    const doing = { operation: undefined };
    try {
      await transact(session, plan, `${name}.${n}`, tally, doing);
    } catch (error) {
      const code = tally.failed(error, plan, doing.operation, `${name}.${n}`);
      if (isLost(code)) await session.renew();
      else await session.end(false).catch(() => session.renew());
    }
  }
}

async function transact(
  session: Session,
  plan: Plan,
  name: string,
  tally: Tally,
  doing: { operation: Operation | undefined },
): Promise<void> {
  tally.began(plan);
  await session.begin(plan, name);
  for (const [n, { operation, savepoint }] of plan.steps.entries()) {
    const op = `${name}.${n}`;
    doing.operation = operation;
    tally.journal.push({ op, history: name, operation });
    if (savepoint === 'none') {
      await session.run(operation, op);
      continue;
    }
    await session.say('SAVEPOINT s');
    try {
      await session.run(operation, op);
      if (savepoint === 'undo') await session.say('ROLLBACK TO s');
    } catch (error) {
      if (isRetried(error)) throw error;
      tally.failed(error, plan, operation, op);
      await session.say('ROLLBACK TO s');
    }
    await session.say('RELEASE s');
  }
  doing.operation = undefined;
  await session.end(plan.commit);
  if (plan.commit) tally.committed++;
}
