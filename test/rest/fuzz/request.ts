import { Random } from '../../support/random';
import { body } from './bodies';
import { path } from './paths';
import { odd, query } from './queries';
import { type Aim, route } from './routes';
import type { Target } from './target';
import { SQL, text } from './values';

/** What goes over the wire. */
export interface Sent {
  /** Of each request in it, in their order. */
  readonly methods: readonly string[];
  readonly bytes: Buffer;
  /** Is the connection cut before the request is whole? */
  readonly isCut: boolean;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const ODD_METHODS = [
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'MKCOL',
  'PURGE',
  'LINK',
  'QUERY',
  'get',
  'NONSENSE',
  'CONNECT',
];

/** The request of this number: the same for the same seed, whatever came before it. */
export function request(seed: number, number: number, targets: readonly Target[]): Sent {
  const random = new Random(seed, number);
  const target = random.pick(targets);
  const parts = [one(random, target)];
  while (random.once(25) && parts.length < 4) parts.unshift(one(random, target));
  const last = parts.length - 1;
  const all =
    last > 0 ? parts.map(({ bytes }, n) => patient(n < last ? alive(bytes) : bytes)) : parts.map(({ bytes }) => bytes);
  const whole = Buffer.concat(all);
  const isCut = random.once(40);
  return {
    methods: parts.map(({ method }) => method),
    bytes: isCut ? whole.subarray(0, 1 + random.below(whole.length)) : whole,
    isCut,
  };
}

const CLOSE = 'Connection: close\r\n';
const alive = (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace(CLOSE, ''), 'latin1');
// Node puts "100 Continue" into the middle of another answer.
const patient = (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace(/Expect: .*\r\n/, ''), 'latin1');

function one(random: Random, target: Target): { method: string; bytes: Buffer } {
  const { method, path: place, kinds } = random.once(5) ? nowhere(random, target) : route(random, target);
  const url = place + query(random, target, kinds);
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(method) ? !random.once(20) : random.once(12);
  const lines = [`${method} ${url} HTTP/1.1`, 'Host: localhost', ...headers(random)];
  if (!hasBody) return { method, bytes: Buffer.from(`${lines.join('\r\n')}\r\n${CLOSE}\r\n`) };
  const { bytes, headers: said } = body(random, target);
  const isChunked = random.once(10);
  const length = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes.length}`;
  const again = random.once(100) ? ['Content-Length: 5'] : [];
  const head = Buffer.from(`${[...lines, ...said, length, ...again].join('\r\n')}\r\n${CLOSE}\r\n`);
  return { method, bytes: Buffer.concat([head, isChunked ? chunked(random, bytes) : bytes]) };
}

function nowhere(random: Random, target: Target): Aim {
  const method = random.once(3) ? random.pick(ODD_METHODS) : random.pick(METHODS);
  return { method, path: path(random, target), kinds: [odd] };
}

function chunked(random: Random, bytes: Buffer): Buffer {
  const size = 1 + random.below(bytes.length);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  const end = random.once(20) ? 'zz\r\n' : '0\r\n\r\n';
  return Buffer.concat([...chunks.slice(0, 300), Buffer.from(end)]);
}

const VALUES = ['*', '"*"', '""', '"', 'W/"1.x"', '"1", "2.y"', '"v1.abc"', ',,,', '"1.x', '1', '"'.repeat(999)];

/** Headers that may change what a request means. */
function headers(random: Random): string[] {
  // A header is bytes, without the ends of lines.
  const plain = () =>
    Buffer.from(text(random))
      .toString('latin1')
      .replaceAll(/[\r\n\0]/g, '');
  const kinds = [
    () => `If-Match: ${random.once(3) ? plain() : random.pick(VALUES)}`,
    () => `If-None-Match: ${random.pick(VALUES)}`,
    () => `X-HTTP-Method-Override: ${random.pick(['DELETE', 'GET', 'PUT', ...SQL])}`,
    () => `X-Method-Override: DELETE`,
    () => `Accept: ${random.pick(['text/html', 'application/xml', '*/*', '', plain()])}`,
    () => `Prefer: ${plain()}`,
    () => `Range: bytes=0-1`,
    () => `Expect: ${random.pick(['100-continue', '100-Continue'])}`,
    () => `Cookie: ${plain()}`,
    () => `X-Forwarded-Host: ${plain()}`,
    () => `__proto__: ${plain()}`,
    () => `X-Tenant: 2`,
    () => `Authorization: Bearer ${plain()}`,
    () => `X-Long: ${'x'.repeat(20_000)}`,
  ];
  const good = random.once(3) ? ['If-Match: *'] : [];
  return random.once(4) ? Array.from({ length: 1 + random.below(2) }, () => random.pick(kinds)()) : good;
}
