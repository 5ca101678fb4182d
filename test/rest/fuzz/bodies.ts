import zlib from 'node:zlib';
import type { Random } from '../../support/random';
import type { Target } from './target';
import { json, PROTOTYPE, SQL, text } from './values';

/** A body and what is said of it. */
export interface Body {
  readonly bytes: Buffer;
  readonly headers: readonly string[];
}

/** The longest body that the routers take is 100kb. */
const LARGE = `{"title":"${'x'.repeat(110_000)}"}`;
const DEEP = `{"meta":${'['.repeat(20_000)}1${']'.repeat(20_000)}}`;
const DEEPEST = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
const BOMB = zlib.gzipSync(Buffer.alloc(20_000_000, 0x20));

const TYPES = ['application/json', 'application/merge-patch+json', 'application/json; charset=utf-8'];
const WRONG_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/json; charset=utf-16',
  'application/json; charset=latin1',
  'application/json; charset=klingon',
  'application/json;;;=',
  'json',
  '',
  '*/*',
  'application/*+json',
];

/** Any body, the most of them of an object that is almost right. */
export function body(random: Random, target: Target): Body {
  const almost = random.once(12) ? odd(random) : Buffer.from(object(random, target));
  return packed(random, almost);
}

/** A JSON object with attributes of the target's; members may be there twice. */
function object(random: Random, { attributes }: Target): string {
  const names = Object.keys(attributes);
  const chosen = random.once(2) ? names : random.several(names, 4);
  const hostile = random.once(2) ? [] : random.several(chosen, 2);
  const value = (name: string) => (hostile.includes(name) ? json(random) : random.pick(attributes[name] ?? ['null']));
  const members = chosen.map((name) => `"${name}":${value(name)}`);
  if (random.once(8))
    members.push(
      `${JSON.stringify(random.pick([...PROTOTYPE, ...SQL, 'secret', 'deletedAt', 'id', text(random)]))}:${json(random)}`,
    );
  if (random.once(12)) members.push(...members);
  return `{${members.join()}}`;
}

function odd(random: Random): Buffer {
  const texts = [
    json(random),
    LARGE,
    DEEP,
    DEEPEST,
    '',
    '{',
    '{"title":',
    '[{}]',
    '\0',
    '{}{}',
    'undefined',
    "{'title':1}",
  ];
  const chosen = random.pick(texts);
  if (random.once(6)) return Buffer.from(`\ufeff${chosen}`, 'utf16le');
  if (random.once(6)) return Buffer.concat([Buffer.from(chosen), Buffer.from([0xff, 0xfe, 0xc0, 0xaf])]);
  return Buffer.from(chosen);
}

function packed(random: Random, plain: Buffer): Body {
  const type = random.once(15) ? random.pick(WRONG_TYPES) : random.pick(TYPES);
  const said = random.once(40) ? [] : [`Content-Type: ${type}`];
  if (!random.once(12)) return { bytes: plain, headers: said };
  const [coding, bytes] = random.pick([
    ['gzip', zlib.gzipSync(plain)],
    ['gzip', BOMB],
    ['gzip', zlib.gzipSync(plain).subarray(0, 12)],
    ['gzip', plain],
    ['deflate', zlib.deflateSync(plain)],
    ['br', zlib.brotliCompressSync(plain)],
    ['br', plain],
    ['identity', plain],
    ['zstd', plain],
    ['gzip, gzip', zlib.gzipSync(zlib.gzipSync(plain))],
    ['__proto__', plain],
  ] as const);
  return { bytes, headers: [...said, `Content-Encoding: ${coding}`] };
}
