import { expect } from 'chai';
import pg from 'pg';
import { Cluster } from './cluster';

describe('Cluster', () => {
  let cluster: Cluster;

  before(async () => {
    cluster = await Cluster.create();
    await cluster.start();
  });
  after(() => cluster.release());

  const client = async (url: URL) => {
    const connection = new pg.Client({ connectionString: url.href });
    connection.on('error', () => {});
    await connection.connect();
    return connection;
  };

  it('recovers what was committed after kill -9, and is found where it was', async () => {
    const before = cluster.url.href;
    const one = await client(cluster.url);
    await one.query('CREATE TABLE kept AS SELECT generate_series(1, 1000) AS i');
    const endless = one.query('SELECT sum(a) FROM generate_series(1, 1000000000) AS a').catch((error: Error) => error);
    await cluster.end('SIGKILL');
    expect(await endless).to.be.instanceOf(Error);
    await cluster.start();
    expect(cluster.url.href).to.equal(before);
    const two = await client(cluster.url);
    expect((await two.query('SELECT count(*)::int AS n FROM kept')).rows).to.deep.equal([{ n: 1000 }]);
    await two.end();
  });

  it('is copied while it stands still, and runs beside its copy', async () => {
    await cluster.end();
    const copy = await cluster.copy();
    try {
      await cluster.start();
      const url = await copy.start();
      expect(url.port).not.to.equal(cluster.url.port);
      const two = await client(url);
      await two.query('SELECT FROM kept');
      await two.end();
    } finally {
      await copy.release();
    }
  });
});
