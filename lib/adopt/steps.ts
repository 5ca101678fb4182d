import type { Sequelize } from 'sequelize';
import type { Graph } from '../enforcement/graph';
import type { EnforcedObject } from '../enforcement/object';
import type { Table } from '../enforcement/tables';
import { GuitarsError } from '../errors';
import type { ModelClass } from '../models/capabilities';
import { qualified } from '../sql/identifiers';
import { backfill } from './backfill';
import { columnSteps } from './columns';
import { columnsOf } from './facts';
import { fillSteps } from './fill';
import type { AdoptOptions } from './index';
import { indexSteps } from './indexes';
import { installStep, planFor, sharedStep } from './install';
import { keySteps } from './keys';
import { notNullSteps } from './notNull';
import { refuseInstall } from './refuseInstall';
import { refuseNamed } from './refuseNamed';
import { refuseRules } from './refuseRules';
import type { Session } from './session';
import { sitesOf } from './sites';
import type { Site, Step } from './step';
import { refuseUnready, tiedTo } from './ties';
import { refuseMark } from './times';
import { uniqueSteps } from './uniques';

/**
 * The steps of an adoption. Nothing is changed before all of them are listed: what is refused is refused here.
 *
 * @throws GuitarsError something stands in the way
 */
export async function stepsOf(
  sequelize: Sequelize,
  session: Session,
  models: readonly ModelClass[],
  options: AdoptOptions,
): Promise<[table: string, step: Step][]> {
  const { graph } = await planFor(sequelize);
  // Two models may have one table.
  const chosen = [...new Set(models.map((model) => tableOf(graph, model)))];
  await refuseUnready(session, graph, chosen);
  const tied = tiedTo(graph, chosen);
  const plan = await planFor(sequelize, tied);
  const steps: [string, Step][] = [['', sharedStep(sequelize)]];
  for (const site of await sitesOf(session, tied, chosen, options)) {
    const own = plan.objects.filter((object) => qualified(object.table) === qualified(site.table.table));
    refuseMark(site.table, site.facts.columns, own);
    // What an earlier adoption or install has made of a neighbour may have to grow.
    const list = chosen.includes(site.table)
      ? await tableSteps(sequelize, site, own, graph)
      : await objectSteps(sequelize, site, own);
    for (const step of list) steps.push([site.table.table.name, step]);
  }
  await refuseInstall(sequelize, plan);
  return [...steps, ['', installStep(sequelize, options, tied, plan.objects)]];
}

function tableOf(graph: Graph, model: ModelClass): Table {
  const table = graph.tables.find(({ models }) => models.includes(model));
  if (table) return table;
  throw new GuitarsError(
    `The table of ${model.name} does not exist. There is nothing to adopt: run sync() or a migration.`,
  );
}

async function tableSteps(
  sequelize: Sequelize,
  site: Site,
  objects: readonly EnforcedObject[],
  graph: Graph,
): Promise<Step[]> {
  await refuseNamed(site);
  await refuseRules(site);
  return [
    ...columnSteps(site),
    ...fillSteps(sequelize, site, objects),
    ...(site.table.dated ? [backfill(site, 'fill the times')] : []),
    ...notNullSteps(site, backfill(site, 'fill what was written meanwhile')),
    ...(await objectSteps(sequelize, site, objects)),
    ...uniqueSteps(site),
    ...(await keySteps(site, graph)),
  ];
}

/** Those objects of the plan that are better not made under the locks of the last step. */
async function objectSteps(sequelize: Sequelize, site: Site, objects: readonly EnforcedObject[]): Promise<Step[]> {
  const steps = objects.filter(({ kind }) => kind === 'column').map((object) => columnStep(site, object));
  for (const object of objects.filter(({ kind }) => kind === 'index'))
    steps.push(...(await indexSteps(sequelize, site, object)));
  return steps;
}

/** A column that is not an attribute of the model. */
function columnStep({ session, table: { table } }: Site, { name, create }: EnforcedObject): Step {
  const title = `add the column ${name}`;
  return {
    title,
    sql: [create],
    done: async () => (await columnsOf(session, table)).has(name),
    run: () => session.brief(title, table, [create]),
  };
}
