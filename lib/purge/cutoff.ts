import type { Sequelize } from 'sequelize';
import { select } from '../enforcement/catalog';
import { DefinitionError } from '../errors';
import { literal } from '../sql/identifiers';

const UNITS: Record<string, string> = { m: 'minutes', h: 'hours', d: 'days', w: 'weeks' };
const DURATION = /^(\d{1,6})([mhdw])$/;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * The time before which rows must have been archived, by the database's clock and to its microsecond.
 *
 * @param before a duration back from now (`90d`, `12h`, `30m`, `2w`), an ISO date, or a Date
 * @throws DefinitionError it is none of these, or in the future
 */
export async function cutoffOf(sequelize: Sequelize, before: string | Date): Promise<string> {
  const [, amount, unit] = typeof before === 'string' ? (DURATION.exec(before) ?? []) : [];
  const given = before instanceof Date ? dateText(before) : before;
  if (!unit && (!ISO_DATE.test(given) || Number.isNaN(Date.parse(given)))) throw unclear(before);
  const text = literal(unit ? `${amount} ${UNITS[unit]}` : given);
  const [row] = await select<{ cutoff: string; future: boolean }>(
    sequelize,
    unit
      ? `SELECT (now() - ${text}::interval)::text AS cutoff, false AS future`
      : `SELECT ${text}::timestamptz::text AS cutoff, ${text}::timestamptz > now() AS future`,
  ).catch((error) => {
    // A day that its month has not, or a time before the first that PostgreSQL knows (class 22).
    if (/^22/.test(error?.parent?.code ?? '')) throw unclear(given, error);
    throw error;
  });
  if (!row || row.future) {
    throw new DefinitionError(
      `"${given}" is in the future, and would mean every archived row. Say 0m if you mean that.`,
    );
  }
  return row.cutoff;
}

function unclear(before: unknown, cause?: Error): DefinitionError {
  const because = cause ? ` (${cause.message})` : '';
  return new DefinitionError(
    `"${before}" is no time to count from${because}. Say how long ago: 90d, 12h, 30m or 2w; or a date: 2025-01-31, 2025-01-31T12:00Z.`,
    { cause },
  );
}

const dateText = (date: Date) => (Number.isNaN(date.getTime()) ? String(date) : date.toISOString());
