import { Op, literal as raw, type WhereOptions } from 'sequelize';
import { typeOf } from '../../models/values';
import { keyOfSegment } from '../key';
import { badParameter, ProblemError } from '../problem/problem';
import { exact, isText, readValue } from '../query/values';
import type { Shelf } from './settings';

const LONGEST = 200;

/**
 * The rows in which a text is found: as part of one of the attributes that are searched, or as the key, or a part of it.
 *
 * @throws ProblemError (400) it is longer than anybody types, or nothing that PostgreSQL can hold
 */
export function searching(shelf: Shelf, text: string): WhereOptions[] {
  const sought = text.trim();
  if (sought === '') return [];
  if (sought.length > LONGEST) throw badParameter('search', `has more than ${LONGEST} characters.`);
  if (sought.includes('\0')) throw badParameter('search', 'has a NUL character in it.');
  const pattern = `%${Buffer.from(sought)
    .toString()
    .replaceAll(/[\\%_]/g, '\\$&')}%`;
  const found = [...shelf.search.map((name) => ({ [name]: { [Op.iLike]: pattern } })), ...asKey(shelf, sought)];
  return [found.length > 0 ? { [Op.or]: found } : raw('false')];
}

function asKey({ model, search }: Shelf, text: string): WhereOptions[] {
  const names = model.primaryKeyAttributes as string[];
  const parts = names.filter((name) => !search.includes(name)).flatMap((name) => equal(model, name, text));
  if (names.length === 1) return parts;
  try {
    return [...parts, keyOfSegment(model, text.replaceAll(/\s*,\s*/g, ',')) as WhereOptions];
  } catch (error) {
    if (error instanceof ProblemError) return parts;
    throw error;
  }
}

function equal(model: Shelf['model'], name: string, text: string): WhereOptions[] {
  const isKnown = typeOf(model, name).key !== undefined;
  const value = isKnown ? readValue(model, name, text) : undefined;
  if (value === undefined) return [];
  return [{ [name]: isText(model, name) ? { [Op.eq]: exact(text) } : value }] as WhereOptions[];
}
