import { setTimeout as pause } from 'node:timers/promises';
import { GuitarsError } from '../errors';
import { ident, qualified } from '../sql/identifiers';
import { KEEP_TIMESTAMPS } from '../sql/settings';
import { filledColumns, openColumns } from './columns';
import { columnsOf } from './facts';
import { assignments, empty } from './filling';
import type { Site, Step } from './step';
import { refuseWithheld } from './withheld';

/**
 * Of a column that is new the server knows nothing, takes it to be NULL in few rows, and would read and sort the whole
 * table for each batch.
 */
const BY_KEY = ['seqscan', 'bitmapscan', 'sort', 'hashjoin', 'mergejoin']
  .map((way) => `SET LOCAL enable_${way} = off`)
  .join('; ');

/** Gives rows without a time the time of adoption, a batch at a time, none that somebody else holds. */
export function backfill(site: Site, title: string): Step {
  const { session, table } = site;
  const statement = batchStatement(site, [], '$1');
  return {
    title,
    sql: [`${statement}  -- in batches of ${site.batch}`],
    done: async () => (await count(site, 'LIMIT 1')) === 0,
    async run() {
      const total = await count(site);
      const bar = site.bar(`${title} of ${table.table.name}`, total);
      try {
        for (let pass = 1; ; pass++) {
          await walk(site, bar.advance);
          const left = await count(site);
          if (left === 0) return;
          await refuseWithheld(site, left);
          if (pass >= session.patience.attempts) throw held(site, left);
          session.patience.tell(`${title}: ${left} rows are held by other transactions; trying again (${pass}).`);
          await pause(Math.min(100 * 2 ** pass, 3000));
        }
      } finally {
        bar.stop();
      }
    },
  };
}

function held({ table }: Site, left: number): GuitarsError {
  return new GuitarsError(
    `${left} rows of "${table.table.name}" were held by other transactions all the time. What was done so far stays. ` +
      'End those transactions (pg_stat_activity shows them) and run it again.',
  );
}

async function count(site: Site, limit = ''): Promise<number> {
  const open = await openColumns(site);
  if (open.length === 0) return 0;
  const there = open.flatMap(({ now }) => now ?? []);
  // A column that is yet to come is empty in every row.
  const where = there.length < open.length ? 'true' : empty(there);
  const [row] = await site.session.select<{ n: string }>(
    `SELECT count(*) AS n FROM (SELECT FROM ${qualified(site.table.table)} AS t WHERE ${where} ${limit}) AS rows`,
  );
  return Number(row?.n);
}

/** Where each batch goes on: after a primary key, and in a table without one after a place, whose order needs no sort. */
const orderOf = ({ table: { key } }: Site) => (key.length > 0 ? { key, sort: key } : { key: ['ctid'], sort: [] });

/** Once through the table, in the order of its key. */
async function walk(site: Site, advance: (by: number) => void): Promise<void> {
  const { session } = site;
  const columns = await columnsOf(session, site.table.table);
  const { key, sort } = orderOf(site);
  const types = key.map((column) => columns.get(column)?.type ?? 'tid');
  // A scan of the whole table may begin anywhere, one of a range of places begins at its beginning.
  for (let last: string[] = sort.length > 0 ? [] : ['(0,0)']; ; ) {
    const sql = batchStatement(site, last.length > 0 ? types : [], `$${last.length + 1}`);
    const [row] = await session.transaction(async () => {
      await session.send(`SET LOCAL ${KEEP_TIMESTAMPS} = on; ${BY_KEY}`);
      return session.select<{ filled: string; seen: string; last: string[] | null }>(sql, [...last, site.batch]);
    });
    advance(Number(row?.filled));
    if (Number(row?.seen) < site.batch) return;
    last = row?.last ?? [];
  }
}

/**
 * Fills the next rows after a key. Rows that others hold are skipped rather than waited for, since whoever wants one of
 * ours would wait as well; NO KEY, so that rows which refer to ours can be written meanwhile.
 */
function batchStatement(site: Site, after: readonly string[], limit: string): string {
  const { table } = site.table;
  const { key, sort } = orderOf(site);
  const keys = key.map(ident).join(', ');
  const bound = after.map((type, n) => `$${n + 1}::${type}`).join(', ');
  const conditions = [`(${empty(filledColumns(site))})`, ...(after.length > 0 ? [`(${keys}) > (${bound})`] : [])];
  const numbered = key.map((name, n) => `, t.${ident(name)} AS k${n}`).join('');
  const last = `SELECT ARRAY[${key.map((_, n) => `k${n}::text`).join(', ')}]::text[] FROM batch`;
  const lastFirst = key.map((_, n) => `k${n} DESC`).join(', ');
  const order = sort.length > 0 ? ` ORDER BY ${keys}` : '';
  return `WITH batch AS MATERIALIZED (
  SELECT t.ctid AS place${numbered} FROM ${qualified(table)} AS t
  WHERE ${conditions.join(' AND ')}${order} LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED
), filled AS (
  UPDATE ${qualified(table)} AS t SET
    ${assignments(site)}
  FROM batch WHERE t.ctid = batch.place RETURNING ${empty(filledColumns(site))} AS left
)
SELECT (SELECT count(*) FROM filled WHERE NOT "left") AS filled, (SELECT count(*) FROM batch) AS seen,
  (${last} ORDER BY ${lastFirst} LIMIT 1) AS last`;
}
