import type { Sequelize } from 'sequelize';
import type { EnforcedObject } from '../enforcement/object';
import { sealOf } from '../enforcement/seal';
import { InstallError } from '../errors';
import { ident, qualified } from '../sql/identifiers';
import { SQLSTATE } from '../sql/sqlstates';
import { installed } from './fill';
import { namedAs } from './indexFacts';
import { predecessor } from './predecessor';
import { stateOf } from './session';
import type { Site, Step } from './step';
import { dropIndex } from './uniques';

/**
 * An index of the plan, built while writers go on, under a name that says what it is (so that one left behind by a kill
 * is known again), then put in its place at once.
 *
 * @throws GuitarsError something else has its name
 */
export async function indexSteps(sequelize: Sequelize, site: Site, object: EnforcedObject): Promise<Step[]> {
  const { session } = site;
  const { table, name, digest } = object;
  const work = `guitars_${digest}`;
  const build = concurrently(object.create, work);
  const old = await predecessor(site, object);
  const there = () => installed(sequelize, [object]);
  const title = `put the index ${name} in its place`;
  const swap = [
    ...(old ? [dropIndex(table, old)] : []),
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
  const { table } = site.table;
  const standing = async () => {
    const found = await namedAs(session, table, name);
    return found?.own ? found : undefined;
  };
  const clear = async () => {
    // One that another table has under this name is not ours to drop.
    if ((await standing())?.valid === false)
      await session.send(`DROP INDEX CONCURRENTLY IF EXISTS ${qualified({ schema: table.schema, name })}`);
  };
  return {
    title,
    sql: [sql],
    done: async () => (await there()) || (await standing())?.valid === true,
    async run() {
      await clear();
      try {
        await session.send(sql);
      } catch (error) {
        await clear();
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
