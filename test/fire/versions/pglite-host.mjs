// The process that PGlite's databases live in: each is a PostgreSQL of its own, on a port of its own, for one session
// that all its clients share. It ends when its parent does.
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const CLIENTS = 100;
const ROLE = process.argv[2];
const databases = new Map();
let empty;

/** A new cluster takes seconds to make; a copy of an empty one takes a part of that. */
async function template() {
  const db = await PGlite.create();
  await db.exec(`CREATE ROLE ${ROLE}; REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE SCHEMA app AUTHORIZATION ${ROLE};
    GRANT CREATE ON DATABASE postgres TO ${ROLE}`);
  const copy = await db.dumpDataDir('none');
  await db.close();
  return copy;
}

async function create(name) {
  empty ??= template();
  const db = await PGlite.create({ loadDataDir: await empty });
  await db.exec(`SET SESSION AUTHORIZATION ${ROLE}; SET search_path = app; SET timezone = 'UTC'`);
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: CLIENTS });
  await server.start();
  databases.set(name, { db, server });
  return Number(server.getServerConn().split(':').pop());
}

async function drop(name) {
  const { db, server } = databases.get(name) ?? {};
  databases.delete(name);
  await server?.stop();
  await db?.close();
}

const WORK = { create, drop };

process.on('message', async ({ id, what, name }) => {
  try {
    process.send({ id, port: await WORK[what](name) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.on('disconnect', () => process.exit());
