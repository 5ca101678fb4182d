import { type PostgresServer, startServer } from '../../test/support/server';
import { countriesOf, UsageError } from './arguments';
import { exitCode, outcomeTable } from './outcome';
import { play } from './play';
import { putBack } from './progress';
import { world } from './world';

/** What a shell reports of a program that a signal has ended: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

let server: Promise<PostgresServer> | undefined;
let stopping: Promise<void> | undefined;
let interruption: Promise<void> | undefined;

main().catch(async (error: unknown) => {
  if (interruption) return; // the server was taken from under the scenes
  putBack();
  console.error(error instanceof UsageError ? error.message : error);
  await stop();
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const loaded = world(countriesOf(process.argv.slice(2)));
  for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => void interrupted(code));
  const start = performance.now();
  console.log('Starting PostgreSQL …');
  server = startServer();
  const { url, createDatabase, dropDatabase, versionNum } = await server;
  const database = await createDatabase();
  console.log(
    `PostgreSQL ${Math.floor(versionNum / 10_000)}.${versionNum % 10_000} ${process.env.DATABASE_URL ? 'behind DATABASE_URL' : 'from npm'}, ` +
      `database "${database}". Below: who sends (raw: a client without Sequelize; orm: a model), what, → the answer.`,
  );
  const checks = await play(url(database), loaded);
  console.log(`\n${outcomeTable(checks)}`);
  await dropDatabase(database);
  await stop();
  console.log(
    `${((performance.now() - start) / 1000).toFixed(1)} s in all. ${process.env.DATABASE_URL ? 'What it made on the server is' : 'The server and its directory are'} gone.`,
  );
  process.exitCode = exitCode(checks);
}

/** Takes the server down once, whoever asks. */
function stop(): Promise<void> {
  stopping ??= (async () => (await server?.catch(() => undefined))?.stop())();
  return stopping;
}

function interrupted(code: number): Promise<void> {
  interruption ??= (async () => {
    putBack();
    console.error('\nInterrupted: stopping the server.');
    await stop();
    process.exit(code);
  })();
  return interruption;
}
