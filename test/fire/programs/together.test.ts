import { expect } from 'chai';
import type pg from 'pg';
import { eachEngine } from '../../contract/world';
import { useDatabase } from '../../support/database';
import { Random } from '../../support/random';
import { amount, figures, SEED } from '../support/form';
import { PROGRAMS } from './calls';
import { refusalOf } from './support/program';
import { BROKEN, nothingFound } from './support/promises';
import { changes, isKept, readState } from './support/state';
import { openWorld, seed } from './support/world';

const CALLS = amount(48, 2000, 'GUITARS_CALLS');
const LANES = 4;
const ROUND = 24;

/** Of every book the last entry of its history is what the table has. */
const UNTOLD = `SELECT b.id FROM book AS b LEFT JOIN LATERAL (
    SELECT * FROM book_history AS h WHERE h.id = b.id ORDER BY _entry DESC LIMIT 1
  ) AS h ON true WHERE (b.name, b.author_id, b._deleted_at) IS DISTINCT FROM (h.name, h.author_id, h._deleted_at)`;

const found: Record<string, unknown> = {};

eachEngine('all programs at once', (engine) => {
  const lanes: Awaited<ReturnType<typeof openAll>>[] = [];
  // Said before the database is used: what is said first is done first, and the database is dropped then.
  after('close the programs', () => Promise.all(lanes.flatMap((lane) => [...lane.values()].map((one) => one.close()))));
  const db = useDatabase();
  let client: pg.Client;
  before(async () => {
    client = await openWorld(db, engine);
  });

  it(`${CALLS} calls in ${LANES} lanes lose no row`, async () => {
    const from = SEED ?? Math.floor(Math.random() * 2 ** 31);
    const random = new Random(from);
    const programs = PROGRAMS.filter(({ missing }) => missing?.() === undefined);
    // One after the other: they create the same views.
    for (let n = 0; n < LANES; n++) lanes.push(await openAll(programs, db.url));
    const kinds = programs.flatMap(({ heading, calls }) =>
      calls
        .filter(({ removes, brings, since = 0 }) => !removes && !brings && db.server.versionNum >= since * 10000)
        .map(({ title }) => ({ heading, title })),
    );
    const refused = new Map<string, number>();
    const tried = new Set<string>();
    for (let n = 0; n < CALLS; n += ROUND) {
      await seed(client);
      const before = await readState(client);
      const picked = Array.from({ length: Math.min(ROUND, CALLS - n) }, () => random.pick(kinds));
      await Promise.all(
        lanes.map(async (lane, at) => {
          for (const [place, call] of picked.entries()) {
            if (place % LANES !== at) continue;
            tried.add(`${call.heading} ${call.title}`);
            await lane
              .get(call.heading)
              ?.run(call.title)
              .catch((error: unknown) => {
                const [code = 'by the program itself'] = /^[0-9A-Z]{5}(?= )/.exec(refusalOf(error)) ?? [];
                refused.set(code, (refused.get(code) ?? 0) + 1);
              });
          }
        }),
      );
      const gone = changes(before, await readState(client)).filter(({ verb, table, before: old, after: fresh }) => {
        const rewritten = old && fresh && old._created_at !== fresh._created_at;
        return isKept(table) && (verb === 'removes' || rewritten);
      });
      const where = `seed ${from}, calls ${n} to ${n + ROUND}: ${JSON.stringify(picked)}`;
      expect(gone, `lost rows, ${where}`).to.deep.equal([]);
      for (const [what, sql] of Object.entries({ ...BROKEN, 'an untold change': UNTOLD }))
        await nothingFound(client, `${what}, ${where}`, sql);
    }
    found[engine] = {
      seed: from,
      calls: CALLS,
      lanes: LANES,
      'kinds of call': tried.size,
      refused: Object.fromEntries([...refused].sort()),
      'lost rows': 0,
    };
  });
});

after(() => figures('programs', found));

async function openAll(programs: typeof PROGRAMS, url: string) {
  const opened = new Map<string, Awaited<ReturnType<(typeof PROGRAMS)[number]['open']>>>();
  for (const { heading, open } of programs) opened.set(heading, await open(url));
  return opened;
}
