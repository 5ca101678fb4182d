import { type Model, literal as raw, type WhereOptions } from 'sequelize';
import { select } from '../../../enforcement/catalog';
import type { Edge } from '../../../enforcement/edges';
import type { Ground } from '../../../enforcement/preview/ground';
import { type Hop, hopFrom, type Place } from '../../../enforcement/preview/taken';
import { inside } from '../../../models/internals';
import { ident, literal } from '../../../sql/identifiers';
import { rowsIn, selected } from '../rows';
import type { Shelf } from '../settings';
import type { Permitted } from '../visit';

/** A child of a row, and how many there are of it. */
export interface Child extends Place {
  /** Which row it is a child of. */
  readonly of: number;
  readonly total: number;
}

export const placeKey = ({ part, place }: Place) => `${part} ${place}`;

/** The first children of each of these rows, over a hop. */
export function childrenOf(
  { sequelize, transaction }: Ground,
  rows: readonly Place[],
  hop: Hop,
  keys: readonly string[],
  most: number,
): Promise<Child[]> {
  const values = rows.map(({ part, place }, n) => `(${n}, ${part}::oid, ${literal(place)}::tid)`);
  const order = keys.map((key) => `c.${ident(key)}`).join(', ');
  const ranked = hopFrom(hop, `c.tableoid, c.ctid, row_number() OVER (ORDER BY ${order}), count(*) OVER ()`);
  return select<Child>(
    sequelize,
    `SELECT t.n AS of, e.part::text AS part, e.place::text AS place, e.total::int AS total
      FROM (VALUES ${values.join(', ')}) AS t(n, part, place) CROSS JOIN LATERAL (${ranked}) AS e(part, place, rank, total)
      WHERE e.rank <= ${most} ORDER BY t.n, e.rank`,
    transaction,
  );
}

/** Rows by their places, as far as they are permitted, with these attributes. */
export async function rowsAt(
  { transaction }: Ground,
  shelf: Shelf,
  places: readonly Place[],
  permitted: Permitted,
  names: readonly string[],
): Promise<Map<string, Model>> {
  if (places.length === 0) return new Map();
  const { model } = shelf;
  const column = (name: string) => `${ident(model.name)}.${name}`;
  const tids = places.map(({ place }) => `${literal(place)}::tid`).join(', ');
  const rows = await inside(model).findAll({
    attributes: [
      ...selected(shelf, names),
      [raw(`${column('tableoid')}::text`), 'guitarsPart'],
      [raw(`${column('ctid')}::text`), 'guitarsPlace'],
    ],
    where: rowsIn(shelf, 'any', permitted, raw(`(${column('ctid')} IN (${tids}))`) as WhereOptions),
    paranoid: false,
    transaction,
  });
  const at = (row: Model) => ({
    part: row.getDataValue('guitarsPart' as never) as string,
    place: row.getDataValue('guitarsPlace' as never) as string,
  });
  const wanted = new Set(places.map(placeKey));
  return new Map(rows.map((row) => [placeKey(at(row)), row] as const).filter(([key]) => wanted.has(key)));
}

/** The model in the browser of the table that an edge leads to. */
export const shelfOfEnd = (shelves: readonly Shelf[], { models }: Edge['child']): Shelf | undefined =>
  shelves.find((shelf) => models.some(({ name }) => name === shelf.model.name));
