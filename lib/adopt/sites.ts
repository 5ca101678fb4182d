import type { Table } from '../enforcement/tables';
import { type Facts, factsOf } from './facts';
import type { AdoptOptions } from './index';
import { readRenames, renamesFor } from './renames';
import type { Session } from './session';
import type { Site } from './step';

/**
 * The tables of an adoption, as the catalog has them: those that were chosen, and their neighbours that can grow.
 *
 * @throws GuitarsError one of them cannot be adopted as it is
 */
export async function sitesOf(
  session: Session,
  tied: readonly Table[],
  chosen: readonly Table[],
  { rename, batch, bar }: AdoptOptions,
): Promise<Site[]> {
  const described: { table: Table; columns: Facts['columns']; facts: Facts }[] = [];
  for (const table of tied) {
    if (!chosen.includes(table) && table.partitions.length > 0) continue;
    const facts = await factsOf(session, table.table);
    described.push({ table, columns: facts.columns, facts });
  }
  const own = described.filter(({ table }) => chosen.includes(table));
  const asked = rename === false ? false : readRenames(rename ?? [], own);
  return described.map(({ table, columns, facts }) => {
    const renames = renamesFor({ table, columns }, chosen.includes(table) && asked);
    return { session, table, facts, renames, batch, bar };
  });
}
