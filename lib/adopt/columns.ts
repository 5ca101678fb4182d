import { timesOf } from '../models/attributes';
import type { TimeNames } from '../models/options';
import { ident, qualified } from '../sql/identifiers';
import { type Columns, columnsOf } from './facts';
import type { Site, Step } from './step';

/** How PostgreSQL writes the defaults that mean the transaction's time. */
const NOW = ['now()', 'CURRENT_TIMESTAMP', 'transaction_timestamp()'];

/** The times that the database fills, by their columns. */
export function filledColumns({ table: { model, options } }: Site): string[] {
  return timesOf(model)
    .filter((time) => time !== 'deletedAt')
    .map((time) => options.columns[time]);
}

/** What a column of ours is called now, before or after its renaming; `undefined`: it is not there. */
export function currentName({ renames }: Site, columns: Columns, column: string): string | undefined {
  const old = [...renames].find(([, to]) => to === column)?.[0];
  return [column, old].find((name) => name !== undefined && columns.has(name));
}

/** Times that the table has under no name, and whether a row may be without one once it is added. */
function missingTimes({ table: { model, options }, facts, renames }: Site): Map<keyof TimeNames, 'filled' | 'open'> {
  const renamed = new Set(renames.values());
  const has = (time: keyof TimeNames) => facts.columns.has(options.columns[time]) || renamed.has(options.columns[time]);
  // A row is not made after it was changed: where that is known, the time of adoption would be a lie.
  const later = timesOf(model).some((time) => time !== 'createdAt' && has(time));
  const missing = timesOf(model).filter((time) => !has(time));
  return new Map(missing.map((time) => [time, time === 'createdAt' && later ? 'open' : 'filled']));
}

/**
 * The times that may be NULL where they must not: what they are to be called, and what they are called now, if they are
 * there. Of a table as it will be when its columns are there, so that the plan can be told beforehand.
 */
export async function openColumns(site: Site): Promise<{ column: string; now: string | undefined }[]> {
  const { columns } = site.table.options;
  const facts = await columnsOf(site.session, site.table.table);
  const missing = missingTimes(site);
  const open: { column: string; now: string | undefined }[] = [];
  for (const column of filledColumns(site)) {
    const now = currentName(site, facts, column);
    const added = [...missing].find(([time]) => columns[time] === column)?.[1];
    if (now === undefined ? added === 'open' : !facts.get(now)?.notNull) open.push({ column, now });
  }
  return open;
}

/** Renames what the table has under other names, adds what it lacks, and gives the times their default. */
export function columnSteps(site: Site): Step[] {
  const { columns } = site.table.options;
  const missing = missingTimes(site);
  const added = new Set([...missing.keys()].map((time) => columns[time]));
  return [
    ...[...site.renames].map(([from, to]) => rename(site, from, to)),
    ...[...missing].map(([time, fill]) => {
      if (time === 'deletedAt') return add(site, columns[time], 'timestamptz');
      if (fill === 'open') return add(site, columns[time], 'timestamptz', true);
      // now() is evaluated once, and kept in the catalog as the value of all rows that are there: none is written.
      return add(site, columns[time], 'timestamptz NOT NULL DEFAULT now()');
    }),
    ...filledColumns(site)
      .filter((column) => !added.has(column))
      .map((column) => setDefault(site, column)),
    ...(site.table.soft ? [dropDefault(site, columns.deletedAt)] : []),
  ];
}

function rename({ session, table: { table } }: Site, from: string, to: string): Step {
  const title = `rename the column ${from} to ${to}`;
  const sql = `ALTER TABLE ${qualified(table)} RENAME COLUMN ${ident(from)} TO ${ident(to)}`;
  return {
    title,
    sql: [sql],
    done: async () => (await columnsOf(session, table)).has(to),
    run: () => session.brief(title, table, [sql]),
  };
}

function add({ session, table: { table } }: Site, column: string, type: string, defaultLater = false): Step {
  const title = `add the column ${column}`;
  const later = defaultLater ? `, ALTER COLUMN ${ident(column)} SET DEFAULT now()` : '';
  const sql = `ALTER TABLE ${qualified(table)} ADD COLUMN ${ident(column)} ${type}${later}`;
  return {
    title,
    sql: [sql],
    done: async () => (await columnsOf(session, table)).has(column),
    run: () => session.brief(title, table, [sql]),
  };
}

function setDefault({ session, table: { table } }: Site, column: string): Step {
  const title = `set the default of ${column}`;
  const sql = `ALTER TABLE ${qualified(table)} ALTER COLUMN ${ident(column)} SET DEFAULT now()`;
  return {
    title,
    sql: [sql],
    done: async () => NOW.includes((await columnsOf(session, table)).get(column)?.default ?? ''),
    run: () => session.brief(title, table, [sql]),
  };
}

/** A row that is born with a time of deletion is born archived. */
function dropDefault(site: Site, column: string): Step {
  const { session } = site;
  const { table } = site.table;
  const title = `drop the default of ${column}`;
  const sql = `ALTER TABLE ${qualified(table)} ALTER COLUMN ${ident(column)} DROP DEFAULT`;
  return {
    title,
    sql: [sql],
    async done() {
      const columns = await columnsOf(session, table);
      return (columns.get(currentName(site, columns, column) ?? '')?.default ?? null) === null;
    },
    run: () => session.brief(title, table, [sql]),
  };
}
