import type { Sequelize } from 'sequelize';
import { statusesOf } from '../enforcement/catalog';
import { install } from '../enforcement/install';
import type { EnforcedObject } from '../enforcement/object';
import { ensureShared, livePlan } from '../enforcement/session';
import type { Table } from '../enforcement/tables';
import { qualified } from '../sql/identifiers';
import { INSTALL_LOCK } from '../sql/names';
import { installed } from './fill';
import { approach, type Patience, patiently } from './session';
import type { Step } from './step';

const BEHIND_OTHERS = `SELECT pg_advisory_xact_lock(hashtext('${INSTALL_LOCK}'))`;

/** The shared functions, which lock no table. */
export function sharedStep(sequelize: Sequelize): Step {
  return {
    title: 'create the shared functions',
    sql: ['-- the package’s own migrations: the schema guitars'],
    async done() {
      const [[row]] = (await sequelize.query(`SELECT to_regprocedure('guitars.version()') IS NOT NULL AS there`)) as [
        { there?: boolean }[],
        unknown,
      ];
      return row?.there === true;
    },
    run: () =>
      sequelize.transaction(async (transaction) => {
        await sequelize.query(BEHIND_OTHERS, { transaction });
        await ensureShared(sequelize, transaction);
      }),
  };
}

/**
 * The rest of the plan, of these tables and of those that they are tied to, in one transaction: from its commit on the
 * database enforces all of it.
 */
export function installStep(
  sequelize: Sequelize,
  patience: Patience,
  tables: readonly Table[],
  objects: readonly EnforcedObject[],
): Step {
  const title = 'install enforcement';
  const models = tables.map(({ model }) => model);
  return {
    title,
    sql: objects.filter(({ kind }) => kind !== 'column' && kind !== 'index').map(({ create }) => create),
    done: () => installed(sequelize, objects),
    run: () =>
      patiently(patience, title, () =>
        sequelize.transaction(async (transaction) => {
          const send = (sql: string) => sequelize.query(sql, { transaction });
          await send(BEHIND_OTHERS);
          const due = (await statusesOf(sequelize, objects, transaction)).filter(
            ({ status }) => status !== 'installed',
          );
          // The strongest lock first: one that grows may run into a deadlock with somebody who reads, then writes.
          const locked = new Map(due.map(({ object: { table } }) => [qualified(table), table]));
          for (const sql of approach([...locked.values()], patience.lockTimeout)) await send(sql);
          for (const name of [...locked.keys()].sort()) await send(`LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`);
          await install(sequelize, { models, transaction, lockTimeout: patience.lockTimeout });
        }),
      ),
  };
}

/** The plan for these tables in the live database. */
export const planFor = (sequelize: Sequelize, tables?: readonly Table[]) =>
  livePlan(sequelize, { models: tables?.map(({ model }) => model) });
