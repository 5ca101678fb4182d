import type { Sequelize } from 'sequelize';
import { select } from '../../enforcement/catalog';
import { ident, literal } from '../../sql/identifiers';
import { type Ground, groundsOf } from './ground';
import { pruneHistory } from './prune';
import type { HistoryStats, StatsOptions } from './report';
import { hasRules, rulesOf } from './rules';
import { utc } from './time';

/**
 * What histories hold, and how they grow. It reads all of their entries.
 *
 * @throws DefinitionError a model without a history
 * @throws HistoryError there is no history table yet
 * @example const [{ entries, tableBytes }] = await historyStats(sequelize, { models: [Article] });
 */
export async function historyStats(sequelize: Sequelize, options: StatsOptions = {}): Promise<HistoryStats[]> {
  const all: HistoryStats[] = [];
  for (const ground of await groundsOf(sequelize, options.models)) {
    all.push({ ...(await held(sequelize, ground)), prunable: await prunable(sequelize, ground) });
  }
  return all;
}

async function prunable(sequelize: Sequelize, { history }: Ground): Promise<number | null> {
  if (!hasRules(await rulesOf(sequelize, history, {}))) return null;
  const { models } = await pruneHistory(sequelize, { models: [history.model], dryRun: true });
  return models[0]?.removed ?? null;
}

interface Row {
  entries: string;
  rows: string;
  tableBytes: string;
  indexBytes: string;
  oldest: string | null;
  newest: string | null;
  week: string;
  month: string;
  horizon: { entry: string; transaction: string } | null;
}

async function held(sequelize: Sequelize, { history, table }: Ground): Promise<Omit<HistoryStats, 'prunable'>> {
  const target = `${literal(table)}::regclass`;
  const since = (days: number) => `count(*) FILTER (WHERE _at > now() - interval '${days} days')`;
  const [row] = await select<Row>(
    sequelize,
    `SELECT coalesce(sum(n), 0)::text AS entries, count(*) AS rows, ${utc('min(oldest)')} AS oldest, ${utc('max(newest)')} AS newest,
        coalesce(sum(week), 0)::text AS week, coalesce(sum(month), 0)::text AS month, ${sizeOf('pg_table_size', target)} AS "tableBytes",
        ${sizeOf('pg_indexes_size', target)} AS "indexBytes",
        (SELECT json_build_object('entry', entry::text, 'transaction', removed::text) FROM guitars.history_horizon
          WHERE history = ${target}::oid AND place = guitars.history_place(${target})) AS horizon
      FROM (SELECT count(*) AS n, min(_at) AS oldest, max(_at) AS newest, ${since(7)} AS week, ${since(30)} AS month
        FROM ${table} GROUP BY ${history.key.map(ident).join(', ')}) AS each`,
  );
  const found = row as Row;
  const [entries, tableBytes, indexBytes] = [found.entries, found.tableBytes, found.indexBytes].map(Number) as [
    number,
    number,
    number,
  ];
  return {
    model: history.name,
    schema: history.history.schema,
    table: history.history.name,
    entries,
    rows: Number(found.rows),
    tableBytes,
    indexBytes,
    bytesPerEntry: entries === 0 ? null : Math.round((tableBytes + indexBytes) / entries),
    oldest: found.oldest,
    newest: found.newest,
    perDay: { week: Number(found.week) / 7, month: Number(found.month) / 30 },
    horizon: found.horizon,
  };
}

/** With its partitions, if it may have some. */
const sizeOf = (measure: string, target: string) =>
  `(SELECT coalesce(sum(${measure}(relid)), ${measure}(${target}))::text FROM pg_partition_tree(${target}))`;
