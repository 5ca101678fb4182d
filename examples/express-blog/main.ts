import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { application } from './application';
import { openDatabase, SCHEMA } from './database';
import { defineModels } from './models';
import { seed } from './seed';

async function main(): Promise<void> {
  const stopped = signalled();
  const { sequelize, close } = await openDatabase();
  try {
    defineModels(sequelize);
    await sequelize.query(`CREATE SCHEMA IF NOT EXISTS "${SCHEMA}"`);
    // In development. Yours has migrations: see docs/migrations.md.
    await sequelize.sync();
    await seed(sequelize);
    const server = await listening(http.createServer(application()), Number(process.env.PORT ?? 3000));
    console.log(`listening on http://localhost:${(server.address() as AddressInfo).port}`);
    await stopped;
    await closed(server);
  } finally {
    await close();
  }
}

/** Resolves at Ctrl-C, or when whoever started this program wants it to end. */
const signalled = () =>
  new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });

const listening = (server: http.Server, port: number) =>
  new Promise<http.Server>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, 'localhost', () => resolve(server));
  });

/** Requests under way are answered; connections without one are closed. */
const closed = (server: http.Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
