import { setTimeout as pause } from 'node:timers/promises';
import type { Sequelize } from 'sequelize';
import { select } from '../enforcement/catalog';
import { DefinitionError } from '../errors';
import type { AnyModel, ModelClass } from '../models/capabilities';
import { literal, qualified } from '../sql/identifiers';
import { SQLSTATE } from '../sql/sqlstates';
import { type After, type Batch, purgeBatch } from './batch';
import { countAll } from './count';
import { cutoffOf } from './cutoff';
import { type Ground, groundOf } from './ground';
import type { PurgeOptions, PurgeReport } from './report';
import { Tally } from './tally';

export type { Left, PurgeOptions, PurgeReport, TableCount } from './report';

const DEADLOCK = '40P01';
const ATTEMPTS = 10;

/**
 * Removes rows for good that were archived long ago, batch by batch, each its own short transaction, and what the
 * database's own keys remove with them. A row stays where that would take along, or run into, one that is live or was
 * archived later. May be stopped at any time and run again.
 *
 * @throws DefinitionError an option, or a model without archives
 * @example const { tables, left } = await purge(sequelize, Article, { archivedBefore: '90d', rate: 5000 });
 */
export async function purge(sequelize: Sequelize, model: AnyModel, options: PurgeOptions): Promise<PurgeReport> {
  const { batch = 1000, rate, dryRun = false } = options;
  for (const [name, value] of Object.entries({ batch, rate })) {
    if (value !== undefined && !(value > 0))
      throw new DefinitionError(`${name} is ${value}. Give it a number above 0.`);
  }
  const cutoff = await cutoffOf(sequelize, options.archivedBefore);
  const ground = await groundOf(sequelize, model as ModelClass);
  const about = { model: model.name, cutoff, dryRun };
  if (dryRun) {
    const { tables, left, leftRows } = await countAll(sequelize, ground, cutoff);
    return { ...about, tables, left: leftRows, because: left };
  }
  const tally = new Tally(ground);
  const total = await candidates(sequelize, ground, cutoff);
  options.onProgress?.(0, total);
  for await (const done of batches(sequelize, ground, cutoff, rate ? Math.min(batch, Math.ceil(rate)) : batch, rate)) {
    tally.add(done);
    options.onProgress?.(Math.min(tally.seen, total), total);
  }
  const left = await candidates(sequelize, ground, cutoff);
  return { ...about, tables: tally.tables(), left, because: tally.because() };
}

async function* batches(sequelize: Sequelize, ground: Ground, cutoff: string, batch: number, rate?: number) {
  const types = await keyTypes(sequelize, ground);
  const start = Date.now();
  let removed = 0;
  let after: After;
  // A root may take many along: the next batch has fewer then, so that its transaction is as short.
  for (let limit = ground.steps.length > 0 ? Math.ceil(batch / 10) : batch; ; ) {
    let done = await tried(() => purgeBatch(sequelize, ground, { cutoff, after, limit, types }));
    if (done instanceof Refusal) {
      if (limit > 1) {
        limit = Math.floor(limit / 2);
        continue;
      }
      const { constraint, table, message } = done;
      yield { constraint, table, reason: message };
      done = await purgeBatch(sequelize, ground, { cutoff, after, limit, types, skip: true });
    }
    yield done;
    if (done.seen < limit) return;
    after = done.last;
    const rows = [...done.gone.values()].reduce((sum, each) => sum + each, 0);
    removed += rows;
    limit = Math.max(1, Math.min(batch, limit * 2, Math.floor((batch * done.seen) / Math.max(rows, done.seen))));
    if (rate) await pause(Math.max(0, (removed / rate) * 1000 - (Date.now() - start)));
  }
}

/** A key or a trigger that no model knows would not let a row go. */
class Refusal {
  constructor(
    readonly message: string,
    readonly constraint = '',
    readonly table = '',
  ) {}
}

async function tried(work: () => Promise<Batch>): Promise<Batch | Refusal> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const cause = ((error as { parent?: object }).parent ?? error) as Error & { code?: string } & Partial<Refusal>;
      const refused = cause.code === SQLSTATE.foreignKeyViolation || cause.code === SQLSTATE.restrictViolation;
      if (refused) return new Refusal(cause.message, cause.constraint, cause.table);
      if (attempt >= ATTEMPTS || (cause.code !== DEADLOCK && cause.code !== SQLSTATE.serializationFailure)) throw error;
    }
  }
}

async function candidates(sequelize: Sequelize, { places: [root] }: Ground, cutoff: string): Promise<number> {
  const sql = `SELECT count(*) AS n FROM ${root?.name} WHERE ${root?.deleted} < ${literal(cutoff)}::timestamptz`;
  const [row] = await select<{ n: string }>(sequelize, sql);
  return Number(row?.n);
}

async function keyTypes(sequelize: Sequelize, { table }: Ground): Promise<string[]> {
  const rows = await select<{ name: string; type: string }>(
    sequelize,
    `SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
      WHERE attrelid = to_regclass(${literal(qualified(table.table))}) AND attnum > 0`,
  );
  return table.key.map((column) => rows.find(({ name }) => name === column)?.type ?? 'text');
}
