import { ident } from '../sql/identifiers';
import type { Site } from './step';

/** An SQL condition on a row `t`: is one of these columns without a value? */
export const empty = (columns: readonly string[]) => columns.map((column) => `t.${ident(column)} IS NULL`).join(' OR ');

/** What a row without times is given. */
export function assignments({ table: { options, soft } }: Site): string {
  const [created, updated] = [ident(options.columns.createdAt), ident(options.columns.updatedAt)];
  const deleted = soft ? `t.${ident(options.columns.deletedAt)}` : 'NULL::timestamptz';
  return `${created} = coalesce(t.${created}, least(t.${updated}, ${deleted}, now())),
    ${updated} = coalesce(t.${updated}, now())`;
}
