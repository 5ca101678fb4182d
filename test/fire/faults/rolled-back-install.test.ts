import { expect } from 'chai';
import { audit, install } from '../../../lib';
import { refusal } from '../../contract/world';
import { defineAlbums } from './support/albums';
import { useCrashServer, useDatabaseOf } from './support/server';

/**
 * The tables that hold rows under way are UNLOGGED. PostgreSQL (its bug 17731) may refuse its first start after a crash
 * that follows upon a transaction that made such a table and was rolled back; the second one succeeds.
 */
describe('a server that crashed behind an installation that was rolled back', () => {
  const host = useCrashServer({ wal_writer_delay: '10s' });
  const db = useDatabaseOf(host);

  it('starts, at the second attempt at the latest, and the installation can be run again', async () => {
    const sequelize = db.connect();
    defineAlbums(sequelize, 'trigger');
    await sequelize.sync({ guitars: false });
    const rolledBack = sequelize.transaction(async (transaction) => {
      await install(sequelize, { transaction });
      await db.sql('CREATE TABLE something ()'); // its commit writes down what came before, too
      throw new Error('on purpose');
    });
    expect((await refusal(rolledBack)).message).to.equal('on purpose');
    await host.crash();
    expect(await db.sql(`SELECT FROM pg_namespace WHERE nspname = 'guitars'`)).to.have.length(0);
    await install(sequelize);
    expect((await audit(sequelize)).findings).to.deep.equal([]);
  });
});
