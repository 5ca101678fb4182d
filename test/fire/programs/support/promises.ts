import { expect } from 'chai';
import type pg from 'pg';
import { type Change, isKept, type State } from './state';

/** What a call may do that others may not, each with its reason in the page. */
export interface Licence {
  /** It goes through the hard-delete door, or deletes a plain parent: kept rows may be removed. */
  readonly removes?: true;
  /** It brings times of its own: an INSERT that says so, or the other door. */
  readonly brings?: true;
}

/** Rows that break a promise, whoever wrote them. */
export const BROKEN = {
  'live rows under an archived parent': `SELECT 'book', c.id FROM book AS c JOIN author AS p ON p.id = author_id WHERE c._deleted_at IS NULL AND p._deleted_at IS NOT NULL
    UNION ALL SELECT 'contract', c.id FROM contract AS c JOIN author AS p ON p.id = author_id WHERE c._deleted_at IS NULL AND p._deleted_at IS NOT NULL`,
  'rows that point at nothing': ['book', 'contract', 'fan', 'note']
    .map(
      (child) =>
        `SELECT '${child}', c.id FROM ${child} AS c WHERE author_id IS NOT NULL AND NOT EXISTS (SELECT FROM author AS p WHERE p.id = author_id)`,
    )
    .concat(
      'SELECT $$book$$, c.id FROM book AS c WHERE room_id IS NOT NULL AND NOT EXISTS (SELECT FROM room AS p WHERE p.id = room_id)',
    )
    .join(' UNION ALL '),
};

/** Fails with the rows of a query, where it has any. */
export async function nothingFound(client: Pick<pg.Client, 'query'>, what: string, sql: string): Promise<void> {
  const { rows } = await client.query({ text: sql, rowMode: 'array' });
  expect(rows, what).to.deep.equal([]);
}

/** Looks for broken promises after a call, whatever it was. */
export async function keepsPromises(
  client: Pick<pg.Client, 'query'>,
  before: State,
  after: State,
  found: readonly Change[],
  licence: Licence = {},
): Promise<void> {
  const lost = found.filter(({ verb, table }) => verb === 'removes' && isKept(table));
  if (!licence.removes) expect(lost.map(nameOf), 'lost rows').to.deep.equal([]);
  for (const [what, sql] of Object.entries(BROKEN)) await nothingFound(client, what, sql);
  const inTime = (time: unknown) =>
    Date.parse(String(time)) >= at(before.clock) && Date.parse(String(time)) <= at(after.clock) + 1;
  for (const change of found.filter(({ table, verb }) => isKept(table) && verb !== 'removes')) {
    const { verb, before: old, after: fresh } = change;
    const honest =
      licence.brings ||
      (inTime(fresh?._updated_at) &&
        (verb === 'inserts' ? inTime(fresh?._created_at) : fresh?._created_at === old?._created_at) &&
        (verb === 'archives'
          ? inTime(fresh?._deleted_at)
          : verb === 'restores' || fresh?._deleted_at === (old?._deleted_at ?? null)));
    expect(honest, `honest times of ${nameOf(change)}: ${JSON.stringify(fresh)}`).to.equal(true);
  }
  expectHistory(before, after, found);
}

const at = (clock: string) => Math.floor(Date.parse(clock.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')));
const nameOf = ({ table, id }: Change) => `${table} ${id}`;
const OPERATIONS = {
  archives: 'archive',
  restores: 'restore',
  removes: 'delete',
  inserts: 'insert',
  updates: 'update',
};

/** The history tells of every book what the table tells. */
function expectHistory(before: State, after: State, found: readonly Change[]): void {
  const last = before.history.at(-1)?.entry ?? 0;
  const fresh = new Map(
    after.history.filter(({ entry }) => entry > last).map(({ id, operation }) => [String(id), operation]),
  );
  const books = found.filter(({ table }) => table === 'book');
  expect(
    books.map(({ id }) => [id, fresh.get(id)]),
    'history',
  ).to.deep.equal(books.map(({ id, verb }) => [id, OPERATIONS[verb]]));
  expect(
    [...fresh].filter(([id, operation]) => operation !== 'update' && !books.some((book) => book.id === id)),
  ).to.deep.equal([]);
}
