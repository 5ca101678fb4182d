import type { Transaction } from 'sequelize';
import { literal, qualified } from '../sql/identifiers';
import { SCHEMA } from '../sql/names';
import { type Queryable, select } from './catalog';

/** Those of these sequences that a function asks, which fails without. The cascade of a parent asks its children's. */
export async function askedSequences(
  db: Queryable,
  names: readonly string[],
  transaction?: Transaction | null,
): Promise<{ name: string; functions: string[] }[]> {
  if (names.length === 0) return [];
  // As a body has it: a literal of a quoted name.
  const values = names.map((name, n) => `(${n}, ${literal(literal(qualified({ schema: SCHEMA, name })).trim())})`);
  const rows = await select<{ n: number; functions: string[] }>(
    db,
    `SELECT n, array_agg(proname::text ORDER BY proname) AS functions
      FROM (VALUES ${values.join(', ')}) AS sequences(n, written) JOIN pg_proc ON position(written IN prosrc) > 0
      WHERE pronamespace = to_regnamespace('${SCHEMA}') GROUP BY n ORDER BY n`,
    transaction,
  );
  return rows.map(({ n, functions }) => ({ name: names[n] as string, functions }));
}
