import { FIXED } from '../key';
import type { Settings } from '../settings';
import { NUMBER_OF_VERSION } from './schemas/numbers';
import { keySchema } from './schemas/text';
import type { Node, Schema } from './types';

const PART = '^(?:[^~,]|~[~.-])*$';
// In the key of one attribute a comma is a comma, and what would be a path of the router's own begins with a mark.
const WHOLE = `^(?!(?:${['\\.', '\\.\\.', ...FIXED].join('|')})$)(?:[^~]|~[~.-])+$`;

/** The path of a route as documents write it, beneath that of its router. */
export function pathOf(base: string, path: string): string {
  const full = `${base}${path}`.replaceAll(/:(\w+)/g, '{$1}').replace(/\/+$/, '');
  return full === '' ? '/' : full;
}

/** The parameters of a path: those of the application's, where the router is mounted beneath some, are text. */
export function pathParameters(settings: Settings, path: string): readonly Node[] {
  const schemas: Readonly<Record<string, () => Schema>> = {
    pk: () => segmentSchema(settings),
    number: () => NUMBER_OF_VERSION,
  };
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...(name === 'pk' ? { description: describe(settings) } : {}),
    ...(name === 'number' ? { description: 'The number of the version.' } : {}),
    schema: schemas[name]?.() ?? { type: 'string' },
  }));
}

function describe({ model }: Settings): string {
  const names = model.primaryKeyAttributes.join(',');
  const mark = `One that is a path of the router's own, or empty, begins with "~-", as "~-${FIXED[0]}".`;
  return `The primary key: ${names}. ${mark}`;
}

/** One value, or, as a list with commas between them, those of several attributes. */
function segmentSchema({ model }: Settings): Schema {
  const names = model.primaryKeyAttributes as string[];
  if (names.length === 1) return keySchema(model, names[0] as string, WHOLE);
  const parts = names.map((name) => keySchema(model, name, PART));
  return { type: 'array', prefixItems: parts, items: false, minItems: names.length, maxItems: names.length };
}
