import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Sequelize } from 'sequelize';
import { eachEngine } from '../orm/shop';
import { application, logging, type Seen } from './fuzz/application';
import { defineModels } from './fuzz/models';
import { plant, schema, untouchable } from './fuzz/seeds';
import { type Outcome, storm } from './fuzz/storm';
import { targets } from './fuzz/targets';

/** `GUITARS_FUZZ=10000 GUITARS_FUZZ_SEED=7` sends that many, others each time. */
const requests = Number(process.env.GUITARS_FUZZ ?? 5000);
const seed = Number(process.env.GUITARS_FUZZ_SEED ?? 1);

eachEngine(`${requests} hostile requests`, (database, engine) => {
  const seen: Seen = { errors: [], statements: [], served: [], logged: 0 };
  let sequelize: Sequelize;
  let server: http.Server;
  let before_: readonly (readonly string[])[];
  let outcome: Outcome;

  const state = () => Promise.all([untouchable(sequelize), schema(sequelize)]);

  before('send them', async function () {
    this.timeout(600_000);
    sequelize = database.connect({ logging: logging(seen), pool: { max: 8, acquire: 20_000 } });
    const models = defineModels(sequelize, engine);
    await sequelize.sync();
    await plant(sequelize, models);
    before_ = await state();
    server = http.createServer(application(models, seen));
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    outcome = await storm({ seed, requests, port, targets });
    await new Promise((done) => server.close(done));
    if (process.env.GUITARS_FUZZ) console.log(Object.fromEntries([...outcome.statuses].sort()), seen.logged);
  });

  after(() => server?.closeAllConnections());

  it('are each answered as they should be', () => {
    expect(outcome.wrong.slice(0, 5).join('\n\n')).to.equal('');
  });

  it('bring about no error that no answer is made of', () => {
    expect(seen.errors.slice(0, 5).join('\n')).to.equal('');
  });

  it('send no statement without bounds', () => {
    expect(seen.statements.slice(0, 5).join('\n')).to.equal('');
  });

  it('change nothing that they may not change', async () => {
    expect(await state()).to.deep.equal(before_);
  });

  it('leave nothing open', () => {
    const { pool } = sequelize.connectionManager as unknown as { pool: { using: number } };
    const open = seen.served.filter(({ response }) => !response.writableEnded).map(({ url }) => url);
    expect({ open, connections: pool.using }).to.deep.equal({ open: [], connections: 0 });
  });

  it('are of all kinds', () => {
    const answered = [...outcome.statuses.keys()];
    expect(answered).to.include.members([200, 201, 204, 400, 403, 404, 405, 409, 412, 413, 415, 422, 428]);
  });
});
