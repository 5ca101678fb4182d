import fc from 'fast-check';
import { PIECES, WORDS } from './pieces';

const bytes = (text: string) => Buffer.byteLength(text);

/** Cut to so many bytes, between characters. */
export function cut(text: string, most: number): string {
  let kept = '';
  for (const character of text) {
    if (bytes(kept + character) > most) break;
    kept += character;
  }
  return kept;
}

const filled = (begin: string, filler: string, size: number) => {
  let text = begin;
  while (bytes(text + filler) <= size) text += filler;
  return text.padEnd(text.length + size - bytes(text), 'x');
};

const piecemeal = fc
  .array(fc.constantFrom(...PIECES, ...WORDS), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));
const anything = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
/** As long as PostgreSQL takes them, with characters of several bytes where others would cut. */
const long = fc
  .tuple(piecemeal, fc.constantFrom('x', 'é', '表', '🎸', ' ', "'"), fc.integer({ min: 55, max: 63 }))
  .map(([begin, filler, size]) => filled(cut(begin, 20), filler, size));
/** Names that differ in their last bytes alone, which is where a name made of them would be cut. */
const alike = fc
  .tuple(fc.constantFrom('x'.repeat(58), 'é'.repeat(29), `${'🎸'.repeat(14)}a`), fc.stringMatching(/^[a-z0-9]{1,4}$/))
  .map(([begin, end]) => begin + end);
/** `a_b` beside `a`, `b_c` beside `c`. */
const joined = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('_'));

/** A name that PostgreSQL takes for a schema, a relation or a column. */
export const legal = (name: string) =>
  bytes(name) > 0 &&
  bytes(name) <= 63 &&
  // Not in any text of PostgreSQL.
  !name.includes('\0') &&
  !/\p{Surrogate}/u.test(name) &&
  // Its own schemas.
  !name.startsWith('pg_') &&
  // Its own columns.
  !['tableoid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax'].includes(name) &&
  // Those of the library, which it says are taken: test/models/definitionErrors, test/history/objects.
  ![
    '_created_at',
    '_updated_at',
    '_deleted_at',
    '_deletion',
    '_version',
    '_entry',
    '_operation',
    '_at',
    '_transaction',
    '_actor',
    '_comment',
    '_context',
  ].includes(name);

/** A name by which Sequelize's own calls reach the thing; for others there is SQL. */
export const known = (name: string) =>
  // quoteIdentifier drops it.
  !name.includes('"') &&
  // A selected column with one is sent as a text.
  !name.includes('`') &&
  // In a statement with parameters each of these is taken for one, quoted or not.
  !/\B\$(\$|\w+)/.test(name) &&
  // A path to a nested column.
  !/^\$.*\$$/s.test(name) &&
  // Told apart from what stands for a table and its column, or within JSON.
  !/\.|->|::|\*|\(|\)|\[|\]/.test(name) &&
  // Keys of a plain object, in which Sequelize and pg keep columns.
  !['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'].includes(name);

/** Any identifier that PostgreSQL takes; with `orm` one that Sequelize takes as well. */
export const identifier = (orm: boolean): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 4, arbitrary: piecemeal },
      fc.constantFrom(...WORDS),
      anything,
      long,
      { weight: 2, arbitrary: alike },
      joined,
    )
    .map((name) => cut(name, 63))
    .filter((name) => legal(name) && (!orm || known(name)));
