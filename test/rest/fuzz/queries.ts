import type { Random } from '../../support/random';
import { encoded } from './paths';
import type { Target } from './target';
import { NUMBERS, PROTOTYPE, text } from './values';

const PERMANENT = ['true', 'false', '1', '0', '', 'yes', 'TRUE', 'maybe', 'null', 'undefined', '2', '\0', "true'--"];
const OPERATORS = 'eq ne gt gte lt lte in notIn isNull contains startsWith icontains istartsWith'.split(' ');
const ODD_OPERATORS = [
  '',
  'or',
  'like',
  'regexp',
  '$gt',
  'col',
  'literal',
  '__proto__',
  'constructor',
  ']',
  '[gt',
  '\0',
];
const OWN = ['page', 'pageSize', 'cursor', 'sort', 'fields', 'include', 'permanent', 'at', 'from', 'to'];

/** Makes one parameter. */
export type Parameter = (random: Random, target: Target) => string;

/** A query, from its `?` on, or nothing; of parameters of these kinds for the most part. */
export function query(random: Random, target: Target, kinds: readonly Parameter[]): string {
  if (kinds.length === 0 ? !random.once(6) : random.once(3)) return '';
  const known = kinds.length > 0 && !random.once(6) ? kinds : [page, cursor, names, filter, permanent, odd];
  const parameters = Array.from({ length: random.pick([1, 1, 2, 3]) }, () => random.pick(known)(random, target));
  if (random.once(12)) parameters.push(random.pick(parameters));
  if (random.once(60)) parameters.push(...Array.from({ length: 300 }, (_, n) => `p${n}=1`));
  if (random.once(60)) parameters.push(...Array.from({ length: 150 }, () => random.pick(parameters)));
  return `?${parameters.join(random.once(30) ? ';' : '&')}`;
}

export function page(random: Random): string {
  const value = random.once(2)
    ? String(1 + random.below(4))
    : encoded(random.once(2) ? random.pick(NUMBERS) : text(random));
  return `${random.pick(['page', 'pageSize'])}=${value}`;
}

/** A cursor that nobody was given. */
export function cursor(random: Random, { sorts, path }: Target): string {
  const key = path === '/stock' ? ['warehouse ASC,sku ASC'] : ['id ASC', 'slug ASC'];
  const sign = random.pick([
    ...key,
    ...sorts.flatMap((name) => [`${name} DESC,id ASC`, `${name} ASC,id ASC`]),
    text(random),
  ]);
  const value = () => (random.once(4) ? random.pick([null, 1, true, {}, [1], { val: 'now()' }]) : text(random));
  const values = Array.from({ length: random.once(3) ? random.below(5) : sign.split(',').length }, value);
  const forged = random.once(8) ? random.pick([{ sign, values }, 'x', null, []]) : [sign, ...values];
  const base64 = Buffer.from(JSON.stringify(forged)).toString(random.once(4) ? 'base64' : 'base64url');
  const sort = sign.includes(',id ASC') ? `&sort=${sign.includes('DESC') ? '-' : ''}${sign.split(' ')[0]}` : '';
  return `cursor=${random.once(10) ? encoded(text(random)) : encoded(base64)}${random.once(5) ? '' : sort}`;
}

export function names(random: Random, { attributes, sorts, includes }: Target): string {
  const [name, known] = random.pick([
    ['fields', [...Object.keys(attributes), 'createdAt']],
    ['sort', [...sorts, ...sorts.map((each) => `-${each}`)]],
    ['include', includes],
  ] as const);
  const odd = [...PROTOTYPE, 'secret', 'comments.article', 'comments,comments', '-secret', text(random)];
  const chosen = random.several(random.once(3) ? [...known, ...odd] : known, 4);
  return `${name}=${encoded([...new Set(chosen)].join())}`;
}

export function filter(random: Random, { filters, attributes }: Target): string {
  const known = Object.keys(filters);
  const name =
    known.length > 0 && !random.once(6) ? random.pick(known) : random.pick([...Object.keys(attributes), 'secret']);
  const operator = random.once(8) ? random.pick(ODD_OPERATORS) : random.pick(OPERATORS);
  const good = operator === 'isNull' ? random.pick(['true', 'false', 'maybe']) : filters[name];
  const value = good !== undefined && random.once(2) ? good : text(random);
  const nested = random.once(20) ? '[a]'.repeat(1 + random.below(500)) : '';
  return `${name}${random.once(4) ? '' : `[${encoded(operator)}]`}${nested}=${encoded(value)}`;
}

export const permanent = (random: Random) => `permanent${random.once(4) ? '' : `=${encoded(random.pick(PERMANENT))}`}`;

export function odd(random: Random): string {
  const name = random.pick([...PROTOTYPE, ...OWN, '_method', '', text(random), 'k'.repeat(4000)]);
  const raw = random.pick(['%', '%zz', '%ff%fe', '=', '&&', '?', '+', '%00', '[]', '#']);
  return random.once(2)
    ? `${encoded(name)}=${raw}`
    : `${encoded(name)}${random.pick(['', '[]', '[__proto__]'])}=${encoded(text(random))}`;
}
