import type { Sequelize } from 'sequelize';
import { select } from '../../enforcement/catalog';
import { DefinitionError } from '../../errors';
import { literal } from '../../sql/identifiers';
import type { History } from '../definition';
import type { PruneOptions } from './report';
import { utc } from './time';

/** What is to go from a history. */
export interface Rules {
  readonly keep: string | null;
  readonly limit: number | null;
  readonly cutoff: string | null;
}

/** @throws DefinitionError an option that cannot mean anything */
export function checkOptions({ keep, limit, batch }: PruneOptions): void {
  for (const [name, value] of Object.entries({ limit, batch })) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) continue;
    throw new DefinitionError(`"${name}" is ${JSON.stringify(value)}. Give it a whole number of entries, 1 or more.`);
  }
  if (keep !== undefined && !(typeof keep === 'string' && /^\s*\d/.test(keep))) throw unclear(keep);
}

/** The rules of a model, but for what the caller says otherwise; by the clock of the database. */
export async function rulesOf(sequelize: Sequelize, { options }: History, given: PruneOptions): Promise<Rules> {
  const keep = given.keep ?? options.keep ?? null;
  const limit = given.limit ?? options.limit ?? null;
  return { keep, limit, cutoff: keep === null ? null : await cutoffOf(sequelize, keep) };
}

export const hasRules = ({ keep, limit }: Rules): boolean => keep !== null || limit !== null;

async function cutoffOf(sequelize: Sequelize, keep: string): Promise<string> {
  const time = `now() - ${literal(keep)}::interval`;
  const [row] = await select<{ cutoff: string; future: boolean }>(
    sequelize,
    `SELECT ${utc(time)} AS cutoff, ${time} > now() AS future`,
  ).catch((error) => {
    // No interval, or one that leads to before all times (class 22).
    if (/^22/.test(error?.parent?.code ?? '')) throw unclear(keep, error);
    throw error;
  });
  if (row && !row.future) return row.cutoff;
  throw unclear(keep);
}

function unclear(keep: unknown, cause?: Error): DefinitionError {
  const because = cause ? ` (${cause.message})` : '';
  return new DefinitionError(
    `"keep" is ${JSON.stringify(keep)}, which is no time to keep entries for${because}. Give it an interval of PostgreSQL, as '90 days' or '2 years'.`,
    { cause },
  );
}
