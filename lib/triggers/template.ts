import { Fragment, type Scope } from './fragment';
import { valueSql } from './value';

/** What may stand in a template: a piece of SQL, or a value, which is quoted. */
export type Piece = Fragment | string | number | bigint | boolean | null | Date | Buffer | readonly unknown[];

/** The render of a template: its texts as they stand, its pieces rendered or quoted. */
export function stitched(texts: readonly string[], pieces: readonly Piece[]): (scope: Scope) => string {
  const parts = pieces.map((piece) => (piece instanceof Fragment ? piece.render : () => valueSql(piece)));
  // Rendered once now: a value without a form in SQL is refused where it is written.
  for (const piece of pieces) if (!(piece instanceof Fragment)) valueSql(piece);
  // As written: a backslash means something in SQL. Only those that JavaScript needs before ` and ${ are undone.
  const written = texts.map((text) => text.replaceAll(/\\(`|\$(?=\{))/g, '$1'));
  return (scope) => written.map((text, n) => text + (parts[n]?.(scope) ?? '')).join('');
}

/**
 * PL/pgSQL: the statements of a trigger's body, or its declarations. A RETURN at the end is added where it is missing.
 * Values are quoted; `col`, `table`, `old`, `fresh` and conditions are rendered for the trigger's model.
 *
 * @example plpgsql`UPDATE ${table(Author)} SET ${col('posts', Author)} = ${col('posts', Author)} + 1 WHERE id = ${fresh('authorId')};`
 */
export const plpgsql = (texts: TemplateStringsArray, ...pieces: Piece[]) => new Fragment(stitched(texts.raw, pieces));

/** A piece of SQL as it stands. Nothing is quoted: never give it what a user has typed. */
export const sql = (texts: TemplateStringsArray, ...pieces: Piece[]) => new Fragment(stitched(texts.raw, pieces));
