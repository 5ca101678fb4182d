import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { ownConnection } from '../../lib/enforcement/ownConnection';
import { useDatabase } from '../support/database';

describe('a connection of our own', () => {
  const db = useDatabase();

  it('takes as long as it has to, whatever the database allows others', async () => {
    const admin = await db.admin();
    const { rows } = await admin.query<{ name: string }>(
      `SELECT name FROM pg_settings WHERE name ~ '^(statement|lock|idle_session|idle_in_transaction_session|transaction)_timeout$'`,
    );
    for (const { name } of rows) await admin.query(`ALTER DATABASE "${db.name}" SET ${name} = '250ms'`);
    const connection = await ownConnection(db.sequelize, { default_transaction_isolation: 'read committed' });
    for (const { name } of rows) await admin.query(`ALTER DATABASE "${db.name}" RESET ${name}`);
    await pause(400);
    await connection.query('BEGIN');
    await pause(400);
    await connection.query('SELECT pg_sleep(0.4)');
    await connection.query('COMMIT');
    const { rows: isolation } = await connection.query('SHOW default_transaction_isolation');
    expect(isolation).to.deep.equal([{ default_transaction_isolation: 'read committed' }]);
    await connection.end();
  });
});
