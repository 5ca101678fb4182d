import { ident, literal, qualified } from '../../sql/identifiers';
import { REVISION } from '../../sql/settings';
import { FILTERED, FILTERED_CHANGED } from '../columns';
import type { History } from '../definition';

/** Where the rows of an INSERT into a history come from. */
export interface Source {
  /** SQL: the operation. */
  readonly operation: string;
  /** The alias of the rows. */
  readonly rows: string;
  readonly from: string;
  /** The alias of the rows as they were, where they are at hand. */
  readonly before?: string;
}

/** The label of the block that declares what follows: a table may have columns of these names. */
export const LABEL = 'guitars';

/**
 * DECLARE section of what writes entries. A revision that is no JSON fails loudly: who would know whose it was? Not by
 * nullif(), whose `=` would be looked for in the search_path.
 */
export const REVISION_DECLARED = `  guitars_revision CONSTANT pg_catalog.jsonb := CASE WHEN pg_catalog.current_setting('${REVISION}', true) OPERATOR(pg_catalog.<>) ''
    THEN pg_catalog.current_setting('${REVISION}', true)::pg_catalog.jsonb END;`;

/** SQL: an INSERT of entries, by statements that declare the revision. */
export function insertEntries(history: History, { operation, rows, from, before }: Source): string {
  const meta = ['_operation', '_at', '_transaction', '_actor', '_comment', '_context'];
  const columns = [...meta, ...history.columns.map(ident)];
  const values = [
    operation,
    'pg_catalog.now()',
    // In a SELECT of its own it is asked for once, and not at all where there is no row: it makes a transaction a writing one.
    '(SELECT pg_catalog.pg_current_xact_id()::text::bigint)',
    `${LABEL}.guitars_revision->>'actor'`,
    `${LABEL}.guitars_revision->>'comment'`,
    `${LABEL}.guitars_revision->'context'`,
    ...history.columns.map((column) => stored(history, column, rows, before)),
  ];
  return `INSERT INTO ${qualified(history.history)} (${columns.join(', ')})
    SELECT ${values.join(', ')}
    ${from};`;
}

function stored({ filtered }: History, column: string, rows: string, before: string | undefined): string {
  const value = `${rows}.${ident(column)}`;
  if (!filtered.includes(column)) return value;
  const marker = before
    ? `CASE WHEN ${before}.${ident(column)}::text IS DISTINCT FROM ${value}::text THEN ${literal(FILTERED_CHANGED)} ELSE ${literal(FILTERED)} END`
    : literal(FILTERED);
  // That there is none, is told, if it has just gone too.
  return `CASE WHEN ${value} IS NOT NULL THEN ${marker} END`;
}
