import { GuitarsError } from '../errors';
import { ident, qualified } from '../sql/identifiers';
import { openColumns } from './columns';
import type { Site } from './step';

/** @throws GuitarsError rows are to be filled, and a rule stands in the way of the statement that fills them */
export async function refuseRules(site: Site): Promise<void> {
  const { session, table } = site;
  if (!table.dated || (await openColumns(site)).length === 0) return;
  const [rule] = await session.select<{ name: string }>(
    `SELECT rulename::text AS name FROM pg_rewrite
      WHERE ev_class = to_regclass($1) AND ev_type = '2' AND ev_enabled IN ('O', 'A') ORDER BY rulename`,
    [qualified(table.table)],
  );
  if (!rule) return;
  throw new GuitarsError(
    `"${table.table.name}" has a rule ON UPDATE, "${rule.name}", under which PostgreSQL refuses the statement that fills rows without ` +
      `a time (an UPDATE within WITH). Make a trigger of it, or switch it off for the time of the adoption: ` +
      `ALTER TABLE ${qualified(table.table)} DISABLE RULE ${ident(rule.name)}.`,
  );
}
