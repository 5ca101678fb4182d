/**
 * Which transactions are seen: those before `end`, but for those that were `open`, ascending. What pg_snapshot says, which
 * has a lower bound as well.
 */
export interface Snapshot {
  readonly end: bigint;
  readonly open: readonly bigint[];
}

/** What the server says of the present. */
export interface Present {
  /** pg_current_snapshot() */
  readonly snapshot: string;
  /** The transaction that asks, once it has written; PostgreSQL does not count it among those under way. */
  readonly own: string | null;
  /** The last transaction of which there is, or was, an entry. */
  readonly highest: string | null;
}

/** The transaction before which all are seen. */
export const lowOf = ({ end, open }: Snapshot): bigint => open[0] ?? end;

const sees = ({ end, open }: Snapshot, transaction: bigint) => transaction < end && !open.includes(transaction);

/**
 * The present as a snapshot. It ends with the last transaction that has an entry: those after it have none to be seen, and
 * some of them may be forgotten in a crash, and their numbers given anew.
 */
export function presentSnapshot({ snapshot, own, highest }: Present): Snapshot {
  const [, xmax = '', xip = ''] = snapshot.split(':');
  const bounds = [BigInt(xmax), ...(highest === null ? [] : [BigInt(highest) + 1n])];
  const open = [...(xip ? xip.split(',') : []), ...(own === null ? [] : [own])].map(BigInt);
  return made(bounds.reduce(least), open);
}

/** What is seen by one or the other: a transaction that began before a cursor was made must not go back behind it. */
export function joined(one: Snapshot, other: Snapshot): Snapshot {
  const end = one.end > other.end ? one.end : other.end;
  return made(
    end,
    [...one.open, ...other.open].filter((each) => !sees(one, each) && !sees(other, each)),
  );
}

function made(end: bigint, open: readonly bigint[]): Snapshot {
  const within = [...new Set(open)].filter((each) => each < end);
  return { end, open: within.sort((a, b) => (a < b ? -1 : 1)) };
}

const least = (one: bigint, other: bigint) => (one < other ? one : other);

/** SQL, for the index: a transaction that the snapshot does not see. */
export function unseen({ end, open }: Snapshot, transaction: string, before?: string): string {
  const later = `${transaction} >= ${end}${before ? ` AND ${transaction} < ${before}` : ''}`;
  return open.length === 0 ? `(${later})` : `((${later}) OR ${transaction} IN (${open.join(', ')}))`;
}

/** SQL: a transaction that the snapshot sees. */
export function seen({ end, open }: Snapshot, transaction: string): string {
  return `${transaction} < ${end}${open.length === 0 ? '' : ` AND ${transaction} NOT IN (${open.join(', ')})`}`;
}
