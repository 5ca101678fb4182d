import { expect } from 'chai';
import pg from 'pg';
import { Sequelize } from 'sequelize';
import { audit } from '../../../lib';
import { useDatabase } from '../../support/database';
import { Random } from '../../support/random';
import { amount, figures, LONG, SEED } from '../support/form';
import { type Bouncer, lacking, startBouncer } from './support/bouncer';
import { brokenPromises } from './support/integrity';
import { defineLibrary } from './support/models';
import { type Client, OPENING, PLAIN } from './support/operations';

const OPERATIONS = amount(120, 5000, 'GUITARS_POOLER_OPERATIONS');
const CLIENTS = 8;
/** Of the server; the more operations wait for one, the more of them are lent what another has left. */
const SESSIONS = LONG ? [1, 2] : [2];
const ALL = { ...OPENING, ...PLAIN };

describe(`PgBouncer in transaction mode${lacking()}`, () => {
  const db = useDatabase();
  let bouncer: Bouncer;
  const opened: { close(): Promise<void> }[] = [];

  before(async function () {
    if (lacking()) this.skip();
    defineLibrary(db.sequelize);
    await db.sequelize.sync();
  });
  afterEach(async () => {
    await Promise.allSettled(opened.splice(0).map((each) => each.close()));
    await bouncer?.stop();
  });

  async function clientOf(name: string): Promise<Client> {
    const url = bouncer.through(db.url);
    const sequelize = new Sequelize(url, { logging: false, pool: { max: 2 } });
    const raw = new pg.Client({ connectionString: url });
    raw.on('error', () => {});
    await raw.connect();
    opened.push(sequelize, { close: () => raw.end() });
    return { sequelize, models: defineLibrary(sequelize), raw, url, name };
  }

  for (const size of SESSIONS) {
    it(`${CLIENTS} clients on ${size} of the server's sessions: what one opens, no other goes through`, async () => {
      const seed = SEED ?? Date.now() % 2 ** 31;
      const random = new Random(seed + size);
      bouncer = await startBouncer(db.server, { size });
      const clients = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => clientOf(`client ${n}`)));
      const counts: Record<string, number> = {};
      let left = OPERATIONS;
      const work = async (client: Client) => {
        while (left > 0) {
          const n = left--;
          // As many of those that open doors as of those who must not find them open.
          const name = random.pick(Object.keys(random.below(2) ? OPENING : PLAIN));
          counts[name] = (counts[name] ?? 0) + 1;
          try {
            await ALL[name]?.(client, n);
          } catch (error) {
            const { message } = error as Error;
            throw Object.assign(new Error(`${name} (seed ${seed}, ${n} left): ${message}`), { cause: error });
          }
        }
      };
      await Promise.all(clients.map(work));
      expect(await brokenPromises(await db.client()), `seed ${seed}`).to.deep.equal({});
      expect((await audit((clients[0] as Client).sequelize)).findings).to.deep.equal([]);
      const pools = await bouncer.show('POOLS');
      const pool = pools.find(({ database, user }) => database === db.name && user === db.server.role.name);
      expect(Number(pool?.sv_active) + Number(pool?.sv_idle), 'sessions of the server').to.be.at.most(size);
      const totals = (await bouncer.show('STATS_TOTALS')).find(({ database }) => database === db.name);
      figures(`replicas-pooler-${size}`, {
        seed,
        clients: CLIENTS,
        sessions: size,
        operations: OPERATIONS,
        transactions: Number(totals?.xact_count),
        statements: Number(totals?.query_count),
        leaks: 0,
        counts,
      });
    });
  }

  it('a setting of the session does leak, so that the search for one can find it', async () => {
    bouncer = await startBouncer(db.server, { size: 1 });
    const [one, other] = [await clientOf('one'), await clientOf('other')];
    await one.raw.query('SET guitars.hard_delete = on');
    for (const name of ['no setting of anybody is left', 'a raw DELETE archives'])
      expect(
        await ALL[name]?.(other, 0).then(
          () => 'found nothing',
          () => 'found it',
        ),
        name,
      ).to.equal('found it');
  });
});
