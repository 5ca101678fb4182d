import { CursorError } from '../../errors';
import type { Snapshot } from './snapshot';

/** What a cursor says, which its text is to hide: callers keep it, and give it back as it is. */
export interface Cursor {
  /** Of which history: guitars.history_place(). */
  readonly place: string;
  /** What was seen before; undefined: nothing, in the first window. */
  readonly from?: Snapshot | undefined;
  /** Within a window: what is seen when it ends. */
  readonly to?: Snapshot | undefined;
  /** Within a window: the last entry that was read. */
  readonly last?: bigint | undefined;
  /** The last entry that came from elsewhere, whose transactions are of another server. */
  readonly ceiling?: bigint | undefined;
  /** Within the first window: how often the horizon had been raised when it began. */
  readonly raises?: bigint | undefined;
}

const VERSION = '1';
const NUMBER = '[0-9]{1,19}';
const SNAPSHOT = `(?:${NUMBER}(?::${NUMBER}(?:,${NUMBER})*)?)?`;
const TEXT = new RegExp(
  `^${VERSION}\\|(\\d+(?:\\.\\d+){3})\\|(${SNAPSHOT})\\|(${SNAPSHOT})\\|(${NUMBER})?\\|(${NUMBER})?\\|(${NUMBER})?$`,
);
const MAX = 2n ** 63n - 1n;

/** A cursor as callers have it. */
export function written({ place, from, to, last, ceiling, raises }: Cursor): string {
  const fields = [VERSION, place, text(from), text(to), last ?? '', ceiling ?? '', raises ?? ''];
  return Buffer.from(fields.join('|')).toString('base64url');
}

/** @throws CursorError it is none */
export function read(model: string, given: unknown): Cursor {
  const [, place = '', from, to, ...numbers] =
    (typeof given === 'string' && TEXT.exec(Buffer.from(given, 'base64url').toString('latin1'))) || [];
  const [last, ceiling, raises] = numbers.map((each) => (each ? BigInt(each) : undefined));
  const cursor = { place, from: snapshot(from), to: snapshot(to), last, ceiling, raises };
  const all = [last, ceiling, raises, cursor.from, cursor.to].flatMap((each) =>
    typeof each === 'object' ? [each.end, ...each.open] : (each ?? []),
  );
  const window = last !== undefined && cursor.to !== undefined;
  const behind = [last, raises, cursor.to].every((each) => each === undefined) && cursor.from !== undefined;
  if (!place || written(cursor) !== given || all.some((each) => each > MAX) || !(window || behind))
    throw new CursorError(model, 'malformed');
  return cursor;
}

const text = (snapshot: Snapshot | undefined) =>
  snapshot ? [snapshot.end, ...(snapshot.open.length > 0 ? [snapshot.open.join(',')] : [])].join(':') : '';

function snapshot(given: string | undefined): Snapshot | undefined {
  if (!given) return undefined;
  const [end = '', open] = given.split(':');
  return { end: BigInt(end), open: open ? open.split(',').map(BigInt) : [] };
}
