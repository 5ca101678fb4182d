import { literal as raw } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { columnOf, inside } from '../../models/internals';
import { readerOf, typeOf } from '../../models/values';
import { literal } from '../../sql/identifiers';

/** Types whose columns a parameter cannot be compared with. */
const UNFIT = [
  'JSON',
  'JSONB',
  'ARRAY',
  'RANGE',
  'GEOMETRY',
  'GEOGRAPHY',
  'HSTORE',
  'VIRTUAL',
  'BLOB',
  'TSVECTOR',
  'CUBE',
];
/** Types of text, of which a part can be looked for. */
const TEXTS = ['STRING', 'TEXT', 'CITEXT', 'CHAR'];

/** A time as parameters say it. */
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** @throws DefinitionError a parameter cannot say what the attribute is compared with */
export function refuseUnfit(model: ModelClass, attribute: string, option: string): void {
  const { key = '' } = typeOf(model, attribute);
  // Sequelize takes the first two for paths, and drops the third.
  const odd = /[.$"]/.exec(attribute + columnOf(model, attribute))?.[0];
  if (odd) {
    throw new DefinitionError(
      `${model.name}: rows cannot go by "${attribute}", since there is a ${odd} in its name or its column's. Take it out of the option "${option}".`,
    );
  }
  if (!UNFIT.includes(key) && !inside(model)._virtualAttributes.has(attribute)) return;
  throw new DefinitionError(
    `${model.name}: rows cannot go by "${attribute}", which is ${key}. Take it out of the option "${option}".`,
  );
}

/** Is the attribute text? `STRING.BINARY` and `CHAR.BINARY` are columns of bytes. */
export function isText(model: ModelClass, attribute: string): boolean {
  const { key = '', options } = typeOf(model, attribute) as { key?: string; options?: { binary?: boolean } };
  return TEXTS.includes(key) && !options?.binary;
}

/** What a parameter's value is to be, in words. */
export const expected = (model: ModelClass, attribute: string): string =>
  typeOf(model, attribute).key === 'DATE' ? "a time, as '2026-01-31T12:00:00Z'" : readerOf(model, attribute).what;

/** A parameter's value as one of the attribute; undefined: it is none. */
export function readValue(model: ModelClass, attribute: string, text: string): unknown {
  if (typeOf(model, attribute).key !== 'DATE') return readerOf(model, attribute).read(text);
  if (!TIME.test(text) || Number.isNaN(Date.parse(text))) return undefined;
  // As it is: a Date would lose the microseconds.
  return exact(text);
}

/** A value in SQL, of whatever type its column has. */
export const exact = (text: string) => raw(literal(text));
