import type { Sequelize, Transaction } from 'sequelize';
import { literal } from '../../sql/identifiers';
import { select } from '../catalog';

/** A row, by its place in this transaction's snapshot: any table has one, whatever its key. */
export interface Place {
  readonly part: string;
  readonly place: string;
}

/** A row that is to be deleted, or restored. */
export interface Root extends Place {
  readonly archived: boolean;
}

/** A step from the rows of one table to rows of another. */
export interface Hop {
  /** SQL: the two tables, as `p` and `c`, and what joins them. */
  readonly parent: string;
  readonly child: string;
  readonly on: string;
  /** SQL: which children count. */
  readonly where?: string | undefined;
  /** SQL: is the child archived? */
  readonly archived?: string | undefined;
  /** SQL: the tableoids of the parent. */
  readonly parts: readonly string[];
}

export interface Counts {
  readonly all: number;
  readonly archived: number;
}

/** What a deletion comes to. */
export interface Taken {
  /** Rows by tableoid. */
  readonly rows: ReadonlyMap<string, Counts>;
  /** Children of taken rows over each guard: those that are not taken themselves, and those that are. */
  readonly guards: readonly { readonly beyond: number; readonly within: number }[];
}

/** `SELECT … FROM p JOIN c` of a hop from the row `t`. */
export function hopFrom(hop: Hop, columns: string, from = ''): string {
  return `SELECT ${columns} FROM ${from}${hop.parent} AS p JOIN ${hop.child} AS c ON ${hop.on}
      WHERE t.part IN (${hop.parts.join(', ')}) AND p.tableoid = t.part AND p.ctid = t.place${hop.where ? ` AND ${hop.where}` : ''}`;
}

/** `WITH taken`: rows, and what `steps` lead to from there. */
export function withTaken(roots: readonly Root[], steps: readonly Hop[]): string {
  const hops = steps.map((step) => hopFrom(step, `c.tableoid, c.ctid, ${step.archived ?? 'false'}`));
  const values = roots.map(({ part, place, archived }) => `(${part}::oid, ${literal(place)}::tid, ${archived})`);
  const recursive = `
    UNION SELECT next.part, next.place, next.archived FROM taken AS t CROSS JOIN LATERAL (
      ${hops.join('\n      UNION ALL ')}
    ) AS next(part, place, archived)`;
  return `WITH RECURSIVE taken(part, place, archived) AS (
    VALUES ${values.join(', ')}${hops.length > 0 ? recursive : ''}
  )`;
}

/** Follows `steps` from rows until nothing new is found, and counts; one statement, which reads and no more. */
export async function takenFrom(
  sequelize: Sequelize,
  transaction: Transaction,
  roots: readonly Root[],
  steps: readonly Hop[],
  guards: readonly Hop[],
): Promise<Taken> {
  const counts = [
    `SELECT 'rows' AS kind, part::text AS of, count(*)::int AS n, (count(*) FILTER (WHERE archived))::int AS m FROM taken GROUP BY part`,
    ...guards.map(
      (guard, n) => `SELECT 'guard', '${n}', (count(*) FILTER (WHERE x.part IS NULL))::int, count(x.part)::int
        FROM (${hopFrom(guard, 'DISTINCT c.tableoid, c.ctid', 'taken AS t CROSS JOIN ')}) AS found(part, place)
        LEFT JOIN taken AS x ON x.part = found.part AND x.place = found.place`,
    ),
  ];
  const found = await select<{ kind: string; of: string; n: number; m: number }>(
    sequelize,
    `${withTaken(roots, steps)}
  ${counts.join('\n  UNION ALL ')}`,
    transaction,
  );
  const rows = found.filter(({ kind }) => kind === 'rows');
  const counted = new Map(found.filter(({ kind }) => kind === 'guard').map((row) => [Number(row.of), row]));
  return {
    rows: new Map(rows.map(({ of, n, m }) => [of, { all: n, archived: m }])),
    guards: guards.map((_, n) => ({ beyond: counted.get(n)?.n ?? 0, within: counted.get(n)?.m ?? 0 })),
  };
}
