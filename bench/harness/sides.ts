import v8 from 'node:v8';
import vm from 'node:vm';
import type { Transaction } from 'sequelize';
import { type Side, timed } from './pairs';
import type { World } from './world';

// One side must not pay for the garbage of the other.
v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** SQL in a transaction that is rolled back; then the tables are vacuumed. */
export function statement(world: World, tables: string[], sql: string): Side {
  return async () => {
    await world.client.query('BEGIN');
    const elapsed = await timed(() => world.client.query(sql));
    await world.client.query('ROLLBACK');
    await world.settle(tables);
    return elapsed;
  };
}

/** Work through Sequelize in a transaction that is rolled back; then the tables are vacuumed. */
export function orm(world: World, tables: string[], work: (transaction: Transaction) => Promise<unknown>): Side {
  return async () => {
    collectGarbage();
    const transaction = await world.sequelize.transaction();
    const elapsed = await timed(() => work(transaction));
    await transaction.rollback();
    await world.settle(tables);
    return elapsed;
  };
}

/** Work that changes nothing. */
export function reading(work: () => Promise<unknown>): Side {
  return () => {
    collectGarbage();
    return timed(work);
  };
}

/** Work whose answer is held in memory: the bytes that it takes. */
export function held(work: () => Promise<unknown>): Side {
  return async () => {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const answer = await work();
    collectGarbage();
    const bytes = process.memoryUsage().heapUsed - before;
    return answer === undefined ? 0 : bytes;
  };
}
