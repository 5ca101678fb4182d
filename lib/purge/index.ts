import type { Sequelize } from 'sequelize';
import { select } from '../enforcement/catalog';
import { DefinitionError } from '../errors';
import type { AnyModel, ModelClass } from '../models/capabilities';
import { batches } from './batches';
import { countAll } from './count';
import { cutoffOf } from './cutoff';
import { type Ground, groundOf } from './ground';
import { Refusal } from './refusal';
import type { PurgeOptions, PurgeReport } from './report';
import { Tally } from './tally';

export type { Left, PurgeOptions, PurgeReport, TableCount } from './report';

/**
 * Removes rows for good that were archived long ago, batch by batch, each its own short transaction, and what the
 * database's own keys remove with them. A row stays where that would take along, or run into, one that is live or was
 * archived later, where the database refuses, and where somebody else holds a row that would go. May be stopped at any
 * time and run again.
 *
 * @throws DefinitionError an option, or a model without archives
 * @throws GuitarsError what no row would fare better with: privileges, a locked table
 * @example const { tables, left } = await purge(sequelize, Article, { archivedBefore: '90d', rate: 5000 });
 */
export async function purge(sequelize: Sequelize, model: AnyModel, options: PurgeOptions): Promise<PurgeReport> {
  const { batch = 1000, rate, dryRun = false } = options;
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new DefinitionError(`batch is ${batch}. Give it a whole number above 0.`);
  }
  if (rate !== undefined && !(rate > 0)) throw new DefinitionError(`rate is ${rate}. Give it a number above 0.`);
  const cutoff = await cutoffOf(sequelize, options.archivedBefore);
  const ground = await groundOf(sequelize, model as ModelClass, cutoff);
  const about = { model: model.name, cutoff, dryRun };
  if (dryRun) return { ...about, ...(await countAll(sequelize, ground)) };
  const tally = new Tally(ground);
  const total = await candidates(sequelize, ground);
  options.onProgress?.(0, total);
  for await (const done of batches(sequelize, ground, rate ? Math.min(batch, Math.ceil(rate)) : batch, rate)) {
    if (done instanceof Refusal) tally.refuse(done);
    else tally.add(done);
    options.onProgress?.(Math.min(tally.seen, total), total);
  }
  const left = await candidates(sequelize, ground);
  return { ...about, tables: tally.tables(), left, because: tally.because() };
}

async function candidates(sequelize: Sequelize, { from, old }: Ground): Promise<number> {
  const [row] = await select<{ n: string }>(sequelize, `SELECT count(*) AS n FROM ${from} WHERE ${old}`);
  return Number(row?.n);
}
