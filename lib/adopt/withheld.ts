import { GuitarsError } from '../errors';
import { ident, literal, qualified } from '../sql/identifiers';
import { SCHEMA } from '../sql/names';
import { KEEP_TIMESTAMPS } from '../sql/settings';
import { filledColumns } from './columns';
import { assignments, empty } from './filling';
import type { Site } from './step';

/**
 * Tells rows that somebody holds from rows that somebody keeps as they are: locks some of those that are left, which
 * then nobody else can hold or change, and fills them. In two statements: the second sees what the first has locked.
 *
 * @throws GuitarsError they were ours alone, and did not take their times
 */
export async function refuseWithheld(site: Site, left: number): Promise<void> {
  const { session, batch } = site;
  const table = qualified(site.table.table);
  const open = empty(filledColumns(site));
  const withheld = await session.transaction(async () => {
    await session.send(`SET LOCAL ${KEEP_TIMESTAMPS} = on`);
    const rows = await session.select<{ place: string }>(
      `SELECT t.ctid::text AS place FROM ${table} AS t WHERE ${open} LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`,
      [batch],
    );
    const filled = await session.select<{ left: boolean }>(
      `UPDATE ${table} AS t SET ${assignments(site)} WHERE t.ctid = ANY($1::tid[]) RETURNING ${open} AS left`,
      [rows.map(({ place }) => place)],
    );
    return rows.length - filled.filter((row) => !row.left).length;
  });
  if (withheld > 0) throw await kept(site, left);
}

async function kept({ session, table: { table } }: Site, left: number): Promise<GuitarsError> {
  // tgtype: 1 for each row, 2 before, 16 update.
  const triggers = await session.select<{ name: string; function: string }>(
    `SELECT tgname::text AS name, tgfoid::regprocedure::text AS function
       FROM pg_trigger JOIN pg_proc AS p ON p.oid = tgfoid
      WHERE tgrelid = to_regclass($1) AND NOT tgisinternal AND tgenabled IN ('O', 'A') AND tgtype & 19 = 19
        AND p.pronamespace IS DISTINCT FROM to_regnamespace(${literal(SCHEMA)}) ORDER BY tgname`,
    [qualified(table)],
  );
  const names = triggers.map(({ name, function: called }) => `${name} (${called})`).join(', ');
  const culprit = names ? `by a trigger of yours: ${names}` : 'by a rule or by a policy of row-level security';
  const off = triggers.map(({ name }) => `DISABLE TRIGGER ${ident(name)}`).join(', ');
  const remedy = off
    ? `Let it pass the UPDATE on where current_setting('${KEEP_TIMESTAMPS}', true) = 'on', or switch it off meanwhile (ALTER TABLE ${qualified(table)} ${off})`
    : 'Switch it off meanwhile';
  return new GuitarsError(
    `${left} rows of "${table.name}" have no times, and an UPDATE that fills them is undone ${culprit}. What was done so far stays. ` +
      `${remedy}, and run it again.`,
  );
}
