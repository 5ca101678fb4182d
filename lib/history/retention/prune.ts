import type { Sequelize } from 'sequelize';
import { select } from '../../enforcement/catalog';
import { type Ground, groundsOf } from './ground';
import type { Judged } from './judge';
import { dropEmpty, heldBy, makeMonths, monthsBefore } from './months';
import { pages } from './pages';
import { type Removed, remove } from './remove';
import type { PrunedHistory, PruneOptions, PruneReport } from './report';
import { checkOptions, hasRules, type Rules, rulesOf } from './rules';
import { later } from './time';

/**
 * Removes old entries from histories, batch by batch, each its own short transaction: what is beyond the `limit` of its row, and
 * what was over for longer than `keep`. The last entry of a row that is there stays, and of each row what it was at the
 * cutoff: so `asOf` answers as before from `exactFrom` on. Consumers of `changes()` that had yet to pass a deletion which goes
 * are told by their next call. Of a history by the month, months that are empty are dropped and coming ones made. May be stopped
 * at any time and run again, and by several at once.
 *
 * @throws DefinitionError an option, or a model without a history
 * @throws HistoryError there is no history table yet, or the connected role may not
 * @example const { models } = await pruneHistory(sequelize, { keep: '2 years' });
 */
export async function pruneHistory(sequelize: Sequelize, options: PruneOptions = {}): Promise<PruneReport> {
  checkOptions(options);
  const { dryRun = false } = options;
  const models: PrunedHistory[] = [];
  for (const ground of await groundsOf(sequelize, options.models)) {
    const rules = await rulesOf(sequelize, ground.history, options);
    if (hasRules(rules) || ground.partitioned) models.push(await pruneOne(sequelize, ground, rules, options));
  }
  return { dryRun, models };
}

async function pruneOne(
  sequelize: Sequelize,
  ground: Ground,
  rules: Rules,
  options: PruneOptions,
): Promise<PrunedHistory> {
  const { history } = ground;
  const done = hasRules(rules) ? await pruneEntries(sequelize, ground, rules, options) : NOTHING;
  const dropped = ground.partitioned ? await pruneMonths(sequelize, ground, rules, options, done.going) : [];
  const { going: _going, ...counted } = done;
  const exactFrom = later(rules.cutoff, done.exactFrom);
  const { schema, name } = history.history;
  return { model: history.name, schema, table: name, ...rules, ...counted, exactFrom, dropped };
}

interface Pruned extends Removed {
  readonly entries: number;
  readonly exactFrom: string | null;
  /** Entries that were to go, by partition. */
  readonly going: ReadonlyMap<string, number>;
}

const NOTHING: Pruned = { entries: 0, removed: 0, tombstones: 0, exactFrom: null, going: new Map() };

async function pruneEntries(
  sequelize: Sequelize,
  ground: Ground,
  rules: Rules,
  { batch = 1000, dryRun, onProgress }: PruneOptions,
): Promise<Pruned> {
  let [entries, removed, tombstones] = [0, 0, 0];
  let exactFrom: string | null = null;
  const going = new Map<string, number>();
  const total = onProgress ? await countOf(sequelize, ground) : 0;
  const tell = () => onProgress?.(ground.history.name, Math.min(entries, total), total);
  tell();
  for await (const judged of pages(sequelize, ground, rules, batch)) {
    for (const part of batchesOf(judged)) {
      const done = dryRun ? counted(part) : await remove(sequelize, ground, part);
      removed += done.removed;
      tombstones += done.tombstones;
      for (const { partition, n, exactFrom: from } of part) {
        exactFrom = later(exactFrom, from);
        going.set(partition as string, (going.get(partition as string) ?? 0) + Number(n));
      }
    }
    entries += Number(judged[0]?.seen ?? 0);
    tell();
  }
  return { entries, removed, tombstones, exactFrom, going };
}

/** Each batch by itself, in their order. */
function batchesOf(judged: readonly Judged[]): Judged[][] {
  const batches = new Map<string, Judged[]>();
  for (const each of judged) {
    if (each.batch !== null) batches.set(each.batch, [...(batches.get(each.batch) ?? []), each]);
  }
  return [...batches.values()];
}

const counted = (batch: readonly Judged[]): Removed => ({
  removed: batch.reduce((sum, { n }) => sum + Number(n), 0),
  tombstones: batch.reduce((sum, { lasts }) => sum + (lasts ? lasts.split(',').length : 0), 0),
});

async function countOf(sequelize: Sequelize, { table }: Ground): Promise<number> {
  const [row] = await select<{ n: string }>(sequelize, `SELECT count(*) AS n FROM ${table}`);
  return Number(row?.n);
}

async function pruneMonths(
  sequelize: Sequelize,
  ground: Ground,
  { cutoff }: Rules,
  { dryRun }: PruneOptions,
  going: ReadonlyMap<string, number>,
): Promise<string[]> {
  const dropped: string[] = [];
  for (const month of await monthsBefore(sequelize, ground, cutoff)) {
    const empty = dryRun
      ? (await heldBy(sequelize, month)) === (going.get(month.oid) ?? 0)
      : await dropEmpty(sequelize, ground, month);
    if (empty) dropped.push(month.name);
  }
  if (!dryRun) await makeMonths(sequelize, ground);
  return dropped;
}
