import type { Random } from '../../support/random';
import type { Target } from './target';
import { NUMBERS, PROTOTYPE, TEXTS, text } from './values';

/** Segments as they are sent. */
const SEGMENTS = [
  'deleted',
  'with-deleted',
  'restore',
  'as-of',
  '~-deleted',
  '~-',
  '~x',
  '~',
  '~~',
  '~.',
  ',',
  ',,',
  '1,',
  '1,2,3',
  '..%2f',
  '%2e%2e',
  '..',
  '.',
  '%',
  '%zz',
  '%c0%af',
  '%ff',
  '%00',
  '1%00',
  '%ed%a0%80',
  '%F0%9F%8E%B8',
  '%25zz',
  '1;a=b',
  '1%2c2',
  'a'.repeat(3000),
  '%41'.repeat(1500),
  '*',
  ':pk',
  '(.*)',
];

/** Encoded as it is usual; what cannot be (a lone half of a surrogate pair) by its bytes. */
export const encoded = (plain: string) => encodeURIComponent(Buffer.from(plain).toString());

/** A segment in the place of a key. */
export function key(random: Random, { keys }: Target): string {
  if (!random.once(3)) return random.pick(keys);
  if (random.once(2)) return random.pick(SEGMENTS);
  return encoded(random.pick(random.pick([TEXTS, NUMBERS, PROTOTYPE])));
}

/** A path without a query, of any router's routes or of none. */
export function path(random: Random, target: Target): string {
  const segment = () => key(random, target);
  const shapes = [
    () => '',
    () => '/',
    () => `/${segment()}`,
    () => `/${segment()}/restore`,
    () => '/restore',
    () => random.pick(['/deleted', '/with-deleted']),
    () => `/deleted/${segment()}`,
    () => `/with-deleted/${segment()}`,
    () => random.pick(['/Deleted', '/deleted/', '//', '/DELETED/1', '/restore/1', '/1/deleted', '/1/restore/1', '/;/']),
    () => `/${segment()}/${segment()}/${segment()}`,
    () => `//${segment()}`,
    () => `/${encoded(text(random))}/restore`,
  ];
  return target.path + random.pick(shapes)();
}
