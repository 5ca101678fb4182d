import type { Sequelize } from 'sequelize';
import type { Graph } from '../enforcement/graph';
import type { EnforcedObject } from '../enforcement/object';
import { GuitarsError } from '../errors';
import type { ModelClass } from '../models/capabilities';
import { qualified } from '../sql/identifiers';
import { backfill } from './backfill';
import { columnSteps } from './columns';
import { columnsOf, factsOf } from './facts';
import { fillSteps } from './fill';
import { indexSteps } from './indexes';
import { installStep, planFor, sharedStep } from './install';
import { keySteps } from './keys';
import { notNullSteps } from './notNull';
import { renamesFor } from './renames';
import { Session } from './session';
import type { Bar, Site, Step } from './step';
import { refuseUnready, tiedTo } from './ties';
import { uniqueSteps } from './uniques';

/** Options of {@link adopt}. */
export interface AdoptOptions {
  /** Change nothing; report what would be done. */
  plan?: boolean;
  /** Rows that a statement of the backfill writes. */
  batch: number;
  /** `old=new`; `false`: rename nothing. By default columns under their usual names are found. */
  rename?: readonly string[] | false;
  /** Milliseconds that writers may have to queue behind a change of the table. */
  lockTimeout: number;
  /** How often a busy table is tried. */
  attempts: number;
  /** Hears of each step before it runs, and of busy tables. */
  tell: (line: string) => void;
  bar: (title: string, total: number) => Bar;
}

/** One step of an adoption, and whether there was something to do. */
export interface AdoptedStep {
  readonly table: string;
  readonly title: string;
  readonly sql: readonly string[];
  readonly due: boolean;
}

/**
 * Takes over tables that are in use: columns, times, indexes, then enforcement. Every step looks in the catalog whether
 * it is done, so one that was killed goes on where it was.
 *
 * @throws GuitarsError something stands in the way; the message says what to do
 */
export async function adopt(
  sequelize: Sequelize,
  models: readonly ModelClass[],
  options: AdoptOptions,
): Promise<AdoptedStep[]> {
  const session = await Session.open(sequelize, options);
  try {
    if (!options.plan) await session.alone();
    const report: AdoptedStep[] = [];
    for (const [table, step] of await stepsOf(sequelize, session, models, options)) {
      const due = !(await step.done());
      report.push({ table, title: step.title, sql: step.sql, due });
      if (!due || options.plan) continue;
      options.tell(table ? `${table}: ${step.title}` : step.title);
      await step.run();
    }
    return report;
  } finally {
    await session.close();
  }
}

async function stepsOf(
  sequelize: Sequelize,
  session: Session,
  models: readonly ModelClass[],
  options: AdoptOptions,
): Promise<[table: string, step: Step][]> {
  const { graph } = await planFor(sequelize);
  const tables = models.map((model) => {
    const table = graph.tables.find(({ models }) => models.includes(model));
    if (table) return table;
    throw new GuitarsError(
      `The table of ${model.name} does not exist. There is nothing to adopt: run sync() or a migration.`,
    );
  });
  // Two models may have one table.
  const chosen = [...new Set(tables)];
  await refuseUnready(session, graph, chosen);
  const tied = tiedTo(graph, chosen);
  const { objects } = await planFor(sequelize, tied);
  const steps: [string, Step][] = [['', sharedStep(sequelize)]];
  for (const table of tied) {
    // What an earlier adoption or install has made of a neighbour may have to grow.
    const grows = !chosen.includes(table);
    if (grows && table.partitions.length > 0) continue;
    const facts = await factsOf(session, table.table);
    const renames = renamesFor(table, facts.columns, options.rename);
    const site: Site = { session, table, facts, renames, batch: options.batch, bar: options.bar };
    const own = objects.filter((object) => qualified(object.table) === qualified(table.table));
    const list = grows ? objectSteps(sequelize, site, own) : tableSteps(sequelize, site, own, graph);
    for (const step of list) steps.push([table.table.name, step]);
  }
  return [...steps, ['', installStep(sequelize, options, tied, objects)]];
}

function tableSteps(sequelize: Sequelize, site: Site, objects: readonly EnforcedObject[], graph: Graph): Step[] {
  return [
    ...columnSteps(site),
    ...fillSteps(sequelize, site, objects),
    ...(site.table.dated ? [backfill(site, 'fill the times')] : []),
    ...notNullSteps(site, backfill(site, 'fill what was written meanwhile')),
    ...objectSteps(sequelize, site, objects),
    ...uniqueSteps(site),
    ...keySteps(site, graph),
  ];
}

/** Those objects of the plan that are better not made under the locks of the last step. */
function objectSteps(sequelize: Sequelize, site: Site, objects: readonly EnforcedObject[]): Step[] {
  return [
    ...objects.filter(({ kind }) => kind === 'column').map((object) => columnStep(site, object)),
    ...objects.filter(({ kind }) => kind === 'index').flatMap((object) => indexSteps(sequelize, site, object)),
  ];
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
