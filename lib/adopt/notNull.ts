import { derivedName, ident, qualified } from '../sql/identifiers';
import { filledColumns, openColumns } from './columns';
import type { Site, Step } from './step';

/**
 * NOT NULL without a scan under a lock: PostgreSQL takes a validated CHECK as proof, and validating one lets writers
 * through. `again` is a second backfill: until the CHECK was there, an UPDATE could still write NULL.
 */
export function notNullSteps(site: Site, again: Step): Step[] {
  const columns = filledColumns(site);
  if (columns.length === 0) return [];
  const { session } = site;
  const ref = site.table.table;
  const table = qualified(ref);
  const name = derivedName(ref, 'times');
  const condition = columns.map((column) => `${ident(column)} IS NOT NULL`).join(' AND ');
  const add = `ALTER TABLE ${table} ADD CONSTRAINT ${ident(name)} CHECK (${condition}) NOT VALID`;
  const validate = `ALTER TABLE ${table} VALIDATE CONSTRAINT ${ident(name)}`;
  const set = `ALTER TABLE ${table} ${columns.map((column) => `ALTER COLUMN ${ident(column)} SET NOT NULL`).join(', ')}`;
  const drop = `ALTER TABLE ${table} DROP CONSTRAINT ${ident(name)}`;

  const check = async () => {
    const [row] = await session.select<{ valid: boolean }>(
      `SELECT convalidated AS valid FROM pg_constraint WHERE conrelid = to_regclass($1) AND conname = $2`,
      [table, name],
    );
    return row?.valid;
  };
  const notNull = async () => (await openColumns(site)).length === 0;
  const brief = (title: string, sql: string, done: () => Promise<boolean>): Step => {
    return { title, sql: [sql], done, run: () => session.brief(title, ref, [sql]) };
  };
  return [
    brief(
      'refuse NULL in what is written from now on',
      add,
      async () => (await notNull()) || (await check()) !== undefined,
    ),
    again,
    {
      title: 'see that no row has NULL',
      sql: [validate],
      done: async () => (await notNull()) || (await check()) === true,
      run: () => session.send(validate),
    },
    brief('make the times NOT NULL', set, notNull),
    brief('drop the CHECK that proved it', drop, async () => (await notNull()) && (await check()) === undefined),
  ];
}
