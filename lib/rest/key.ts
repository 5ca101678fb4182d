import type { Model } from 'sequelize';
import type { ModelClass } from '../models/capabilities';
import { readerOf, written } from '../models/values';
import { malformed } from './problem/problem';

/** The primary key of a row, by attribute. */
export type Key = Readonly<Record<string, unknown>>;

/** What stands in the place of a key: paths of the router's own. */
export const FIXED = ['restore', 'deleted', 'with-deleted', 'as-of'] as const;

/*
 * A key is one segment of a path: the values of its attributes in their order, with commas between them. Where a value
 * would be taken for something else, a tilde says what it is: `~~` a tilde, `~.` a comma, `~-` nothing at all, so that
 * `~-deleted` is the key 'deleted' and not the list of archived rows.
 */
const MARKS: Readonly<Record<string, string>> = { '~~': '~', '~.': ',', '~-': '' };

/** A row's key as a segment of a path, encoded. */
export function segmentOf(instance: Model): string {
  const model = instance.constructor as ModelClass;
  const values = model.primaryKeyAttributes.map((name) =>
    written(model, name, instance.getDataValue(name as never))
      .replaceAll('~', '~~')
      .replaceAll(',', '~.'),
  );
  const text = values.join(',');
  // Clients take dots for steps in the path, and leave an empty segment out.
  const isTaken = ['', '.', '..', ...FIXED].includes(text);
  return encodeURIComponent(Buffer.from(isTaken ? `~-${text}` : text).toString()).replaceAll('%2C', ',');
}

/** @throws ProblemError (400) the segment, decoded, is no key of the model */
export function keyOfSegment(model: ModelClass, segment: string): Key {
  const names = model.primaryKeyAttributes as string[];
  const texts = names.length === 1 ? [segment] : segment.split(',');
  if (texts.length !== names.length) throw noKey(model, segment, `It has ${names.length} parts: ${names.join(',')}.`);
  const entries = names.map((name, n) => {
    const { what, read } = readerOf(model, name);
    const text = unmarked(model, texts[n] as string);
    const value = read(text);
    if (value === undefined) throw noKey(model, segment, `"${name}" is ${what}.`);
    return [name, value];
  });
  return Object.fromEntries(entries);
}

function unmarked(model: ModelClass, text: string): string {
  return text.replaceAll(/~(.?)/gs, (mark) => {
    const meant = MARKS[mark];
    if (meant === undefined) throw noKey(model, text, 'A tilde is written as "~~".');
    return meant;
  });
}

const noKey = (model: ModelClass, text: string, why: string) =>
  malformed(`${JSON.stringify(text)} is no primary key of ${model.name}. ${why}`);
