import type { Sequelize } from 'sequelize';
import type { ModelClass } from '../models/capabilities';
import { Session } from './session';
import type { Bar } from './step';
import { stepsOf } from './steps';

/** Options of {@link adopt}. */
export interface AdoptOptions {
  /** Change nothing; report what would be done. */
  plan?: boolean;
  /** Rows that a statement of the backfill writes. */
  batch: number;
  /** `old=new`, or `Model.old=new`; `false`: rename nothing. By default columns under their usual names are found. */
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
