import { hopFrom } from '../enforcement/preview/taken';
import { textArray } from '../sql/identifiers';
import type { Ground } from './ground';

/** A row, by its place in the database. */
export interface Row {
  /** A tableoid. */
  readonly part: string;
  /** A ctid. */
  readonly place: string;
}

/** SQL: a table of rows, `part` and `place`. */
export const rowsSql = (rows: readonly Row[]) =>
  `unnest(${textArray(rows.map(({ part }) => part))}::oid[], ${textArray(rows.map(({ place }) => place))}::tid[])`;

/** The number that stands for rows which somebody else holds, where the others are numbers of steps. */
export const HELD = -1;

/**
 * Queries, the body of a WITH: `roots`; `goes (t, part, place)`, every row that has to go with a root, itself included;
 * `stopped (part, place, step)`, the rows that something stands in the way of, and what. A root is left where it would
 * take along, or run into, a row that is live or younger than the cutoff, or that its key would not let go. Each row is
 * looked at once, from however many roots it is reached: what stands in the way is followed upwards.
 *
 * @param roots SQL that answers `part` and `place`
 * @param held rows that somebody else holds
 */
export function reachQuery({ order: { steps } }: Ground, roots: string, held: readonly Row[] = []): string {
  const isHeld = '(c.tableoid, c.ctid) IN (SELECT part, place FROM held)';
  const down = steps.flatMap((step, n) => {
    if (!step.follows)
      return step.stops ? [hopFrom({ ...step, where: step.stops }, `0, c.tableoid, c.ctid, ${n}`)] : [];
    const cases = [held.length > 0 && `WHEN ${isHeld} THEN ${HELD}`, step.stops && `WHEN ${step.stops} THEN ${n}`];
    const stop = cases.some(Boolean) ? `CASE ${cases.filter(Boolean).join(' ')} END` : 'NULL::integer';
    return [hopFrom(step, `${step.to}, c.tableoid, c.ctid, ${stop}`)];
  });
  const followed = steps.filter(({ follows }) => follows);
  const up = followed.map(
    ({
      parent,
      child,
      on,
      childParts,
      parentGoes,
    }) => `SELECT p.tableoid, p.ctid FROM ${child} AS c JOIN ${parent} AS p ON ${on}
      WHERE t.part IN (${childParts.join(', ')}) AND c.tableoid = t.part AND c.ctid = t.place${parentGoes ? ` AND ${parentGoes}` : ''}`,
  );
  const on = followed.map((step) => hopFrom(step, `${step.to}, c.tableoid, c.ctid`));
  const isStopped = 'EXISTS (SELECT FROM stopped)';
  return `RECURSIVE roots(part, place) AS (${roots}), held(part, place) AS (SELECT * FROM ${rowsSql(held)}),
  -- Of what stands in the way, the parent is noted; it is not followed further.
  reached(t, part, place, step) AS (
    SELECT 0, part, place, NULL::integer FROM roots${recursive(
      'reached',
      down,
      'next(t, part, place, step) WHERE t.step IS NULL',
      'next.t, CASE WHEN next.step IS NULL THEN next.part ELSE t.part END, CASE WHEN next.step IS NULL THEN next.place ELSE t.place END, next.step',
    )}
  ),
  stopped(part, place, step) AS (
    SELECT part, place, step FROM reached WHERE step IS NOT NULL${recursive('stopped', up, 'next(part, place)', 'next.part, next.place, t.step')}
  ),
  going(t, part, place) AS (
    SELECT 0, part, place FROM roots WHERE ${isStopped}
      AND NOT EXISTS (SELECT FROM stopped AS s WHERE s.part = roots.part AND s.place = roots.place)${recursive('going', on, 'next(t, part, place)', 'next.t, next.part, next.place')}
  ),
  goes AS (SELECT t, part, place FROM reached WHERE NOT ${isStopped} UNION ALL SELECT t, part, place FROM going)`;
}

function recursive(name: string, hops: readonly string[], next: string, columns: string): string {
  if (hops.length === 0) return '';
  return `
    UNION SELECT ${columns} FROM ${name} AS t CROSS JOIN LATERAL (
      ${hops.join('\n      UNION ALL ')}
    ) AS ${next}`;
}
