import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { change, longWriter, modelWriter, rawWriter, type Truth, type Writing } from './feedWriters';
import { type Article, useHistory } from './world';

const CHANGES = Number(process.env.GUITARS_CHANGES ?? 10000);

interface Row {
  readonly id: number;
  readonly _version: number;
  readonly _operation: string;
  readonly place: string;
}

/** What a consumer knows of the rows, and in what order it heard. */
class Consumer {
  readonly heard: Truth = new Set();
  readonly backwards: string[] = [];
  twice = 0;
  private readonly versions = new Map<unknown, number>();

  hear(id: unknown, version: number, operation: string): void {
    const what = change(id, version, operation);
    if (this.heard.has(what)) this.twice++;
    this.heard.add(what);
    if (version < (this.versions.get(id) ?? 0)) this.backwards.push(what);
    this.versions.set(id, version);
  }
}

/** Calls those that wait for a number of polls. */
function polls() {
  let count = 0;
  let waiting: { at: number; go: () => void }[] = [];
  return {
    get count() {
      return count;
    },
    tick() {
      count++;
      const due = waiting.filter(({ at }) => at <= count);
      waiting = waiting.filter(({ at }) => at > count);
      for (const { go } of due) go();
    },
    wait: (times: number) => new Promise<void>((go) => void waiting.push({ at: count + times, go })),
  };
}

describe('history: a consumer that polls while all write', () => {
  const { article, db, query } = useHistory();

  /** Polls by a number or a time that it has seen last, as one does without a cursor. */
  function naive(sql: string, by: string) {
    let last: string | undefined;
    return async (hear: (row: Row) => void) => {
      const rows = await db.sequelize.query<Row>(
        `SELECT *, ${by}::text AS place FROM (${sql}) AS r ${last === undefined ? '' : `WHERE ${by} > '${last}'`} ORDER BY ${by}`,
        { type: QueryTypes.SELECT },
      );
      for (const row of rows) hear(row);
      last = rows[rows.length - 1]?.place ?? last;
    };
  }

  it(`misses none of ${CHANGES} changes`, async function () {
    this.timeout(300000);
    const Made = await article();
    const { table } = Made;
    const truth: Truth = new Set();
    let seed = 7;
    const below = (bound: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * bound);
    };
    const writing: Writing = { table, truth, below, enough: () => truth.size >= CHANGES };
    await query(`INSERT INTO ${table} (title) SELECT 'hot' FROM generate_series(1, 200)`);
    for (let id = 1; id <= 200; id++) truth.add(change(id, 1, 'insert'));

    const polled = polls();
    const clients = await Promise.all(Array.from({ length: 10 }, () => db.client()));
    let writers = 0;
    const running = [
      ...clients.slice(0, 8).map((client) => rawWriter(client, writing)),
      ...clients.slice(8).map((client) => longWriter(client, writing, polled.wait)),
      modelWriter(Made as typeof Article, writing),
    ].map(async (each) => {
      writers++;
      await each.finally(() => writers--);
    });

    const [feed, byEntry] = [new Consumer(), new Consumer()];
    const copy = new Map<number, number>();
    const pollEntries = naive(`SELECT id, _version, _operation, _entry FROM ${table}_history`, '_entry');
    const pollTimes = naive(`SELECT id, _version, _updated_at FROM ${table}`, '_updated_at');
    let cursor: string | undefined;
    const poll = async () => {
      const answer = await Made.changes(cursor, { limit: 1 + below(2000) });
      for (const { key, version, operation } of answer.rows) feed.hear(key.id, version, operation);
      cursor = answer.cursor;
      await pollEntries((row) => byEntry.hear(row.id, row._version, row._operation));
      await pollTimes(({ id, _version }) => void copy.set(id, _version));
      return answer.more || answer.rows.length > 0;
    };
    const all = Promise.all(running);
    all.catch(() => {});
    while (writers > 0) {
      await poll();
      polled.tick();
    }
    await all;
    while (await poll()) polled.tick();

    const missed = (heard: Truth) => [...truth].filter((each) => !heard.has(each));
    expect(truth.size).to.be.at.least(CHANGES);
    expect(missed(feed.heard)).to.deep.equal([]);
    expect([...feed.heard].filter((each) => !truth.has(each))).to.deep.equal([]);
    expect(feed.backwards).to.deep.equal([]);
    expect(feed.twice).to.equal(0);

    const rows = await db.sequelize.query<Row>(`SELECT id, _version FROM ${table}`, { type: QueryTypes.SELECT });
    const stale = rows.filter(({ id, _version }) => copy.get(id) !== _version).length;
    const there = new Set(rows.map(({ id }) => id));
    const ghosts = [...copy.keys()].filter((id) => !there.has(id)).length;
    const bySequence = missed(byEntry.heard).length;
    expect(stale).to.be.greaterThan(0);
    expect(bySequence).to.be.greaterThan(0);
    Object.assign(this.test as object, {
      title:
        `misses none of ${truth.size} changes in ${polled.count} polls; in the same run a consumer by the highest number misses ` +
        `${bySequence} of them, and one by updatedAt has ${stale} of ${rows.length} rows wrong for good, and ${ghosts} that are gone`,
    });
  });
});
