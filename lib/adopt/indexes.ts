import type { Sequelize } from 'sequelize';
import type { EnforcedObject } from '../enforcement/object';
import { sealOf } from '../enforcement/seal';
import { InstallError } from '../errors';
import { ident, qualified } from '../sql/identifiers';
import { SQLSTATE } from '../sql/sqlstates';
import { isValidIndex } from './facts';
import { installed } from './fill';
import { stateOf } from './session';
import type { Site, Step } from './step';
import { dropUnique, refuseReferred } from './uniques';

/**
 * An index of the plan, built while writers go on, under a name that says what it is (so that one left behind by a kill
 * is known again), then put in its place at once.
 */
export function indexSteps(sequelize: Sequelize, site: Site, object: EnforcedObject): Step[] {
  const { session, facts } = site;
  const { table, name, digest } = object;
  const work = `guitars_${digest}`;
  const build = concurrently(object.create, work);
  const old = facts.uniques.find((unique) => unique.name === name);
  if (old) refuseReferred(site.table.model, old);
  const there = () => installed(sequelize, [object]);
  const title = `put the index ${name} in its place`;
  const swap = [
    old ? dropUnique(table, old) : object.drop,
    `ALTER INDEX ${qualified({ schema: table.schema, name: work })} RENAME TO ${ident(name)}`,
    ...sealOf(object),
  ];
  return [
    buildStep(site, `build the index ${name}`, build, work, there),
    { title, sql: swap, done: there, run: () => session.brief(title, table, swap) },
  ];
}

/** A step that builds an index, anew where an invalid one was left behind. */
export function buildStep(site: Site, title: string, sql: string, name: string, there: () => Promise<boolean>): Step {
  const { session } = site;
  const { schema } = site.table.table;
  const drop = `DROP INDEX CONCURRENTLY IF EXISTS ${qualified({ schema, name })}`;
  return {
    title,
    sql: [sql],
    done: async () => (await there()) || (await isValidIndex(session, schema, name)) === true,
    async run() {
      if ((await isValidIndex(session, schema, name)) === false) await session.send(drop);
      try {
        await session.send(sql);
      } catch (error) {
        await session.send(drop);
        throw stateOf(error) === SQLSTATE.uniqueViolation
          ? duplicates(site, error as Error & { detail?: string })
          : error;
      }
    },
  };
}

function duplicates({ table }: Site, error: Error & { detail?: string }): InstallError {
  return new InstallError(
    `${table.name}: live rows share a value that the model calls unique (${error.message}: ${error.detail}). ` +
      'What was done so far stays. Change or archive all but one of them and run it again, or set ' +
      '{ guitar: { uniqueAmongLive: false } } for that index.',
    { cause: error },
  );
}

const concurrently = (create: string, name: string) =>
  create.replace(
    /^CREATE (UNIQUE )?INDEX IF NOT EXISTS (?:"(?:[^"]|"")+"|\S+)/,
    (_, unique = '') => `CREATE ${unique}INDEX CONCURRENTLY ${ident(name)}`,
  );
