import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { audit, install } from '../../../lib';
import { Cluster } from '../../support/server';
import { binaries, installed } from '../../support/server/binaries';
import { operator } from '../../support/server/operator';
import { figures, LONG } from '../support/form';
import { behaves } from './support/behaviour';
import { asAdmin, open, type Source, serverOf, source } from './support/between';
import { counts, differences, picture } from './support/picture';
import { define } from './world';

/** Debian's programs of the version to upgrade to; the embedded packages have no pg_upgrade. */
const NEW = '15';
const PROGRAMS = `/usr/lib/postgresql/${NEW}/bin`;
const LOCAL = 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n';

/**
 * `pg_resetwal -n` of the old version, which its package lacks. That of the new one reads the same control file, but looks
 * whether the directory is of its own version.
 */
const RESETWAL = `#!/bin/sh
[ "$1" = -n ] || exec ${PROGRAMS}/pg_resetwal "$@"
shadow=$(mktemp -d) && mkdir "$shadow/global" && ln -s "$2/pg_wal" "$shadow/pg_wal" && echo ${NEW} > "$shadow/PG_VERSION"
cp "$2/global/pg_control" "$shadow/global/" && chmod 700 "$shadow" && ${PROGRAMS}/pg_resetwal -n "$shadow"
status=$?; rm -r "$shadow"; exit $status
`;

function lacking(): string | undefined {
  if (!LONG) return 'npm run test:fire -- dumps';
  if (!fs.existsSync(`${PROGRAMS}/pg_upgrade`)) return `no ${PROGRAMS}/pg_upgrade: apt-get install postgresql-${NEW}`;
  return installed('14') && installed(NEW) ? undefined : 'no PostgreSQL 14 and 15: npm ci --prefix test/fire/versions';
}

const why = lacking();
describe(`pg_upgrade from PostgreSQL 14 to ${NEW}${why ? ` (left out: ${why})` : ''}`, () => {
  let world: Source | undefined;
  let upgraded: Cluster | undefined;
  before(function () {
    if (why) this.skip();
  });
  after(async () => {
    await upgraded?.release();
    await world?.server.stop();
  });

  it('keeps rows, times and enforcement; a cursor is refused', async () => {
    const server = await serverOf('14');
    world = await source(server);
    const old = server.cluster;
    upgraded = await Cluster.create({ major: NEW });
    const { password } = await upgraded.start();
    await upgraded.end();
    // Roles go along with their passwords. The database that the tests' are copied from has to let pg_upgrade in.
    await asAdmin(
      server,
      server.admin.database,
      `ALTER ROLE postgres PASSWORD '${password}'`,
      'ALTER DATABASE guitars_template ALLOW_CONNECTIONS true',
    );
    await old.end();
    upgrade(old, upgraded);
    const url = await upgraded.start();
    const goal = new URL(world.url);
    goal.port = url.port;
    const sequelize = open(goal.href);
    try {
      const models = define(sequelize);
      const after = await picture(sequelize);
      expect(differences(world.picture, after)).to.deep.equal([]);
      expect((await audit(sequelize)).findings).to.deep.equal([]);
      expect((await install(sequelize)).installed).to.deep.equal([]);
      await behaves(sequelize, models, world.cursors);
      figures('dumps-pg_upgrade', { from: '14', to: NEW, ...counts(after), differences: 0 });
    } finally {
      await sequelize.close();
    }
  });
});

/** Both stand still. */
function upgrade(old: Cluster, to: Cluster): void {
  const as = operator();
  const folder = path.join(to.directory, 'upgrade');
  const programs = path.join(folder, 'bin');
  fs.mkdirSync(programs, { recursive: true });
  const embedded = binaries(to.directory, as, '14');
  for (const name of ['postgres', 'pg_ctl']) fs.symlinkSync(path.join(embedded, name), path.join(programs, name));
  fs.symlinkSync(`${PROGRAMS}/pg_controldata`, path.join(programs, 'pg_controldata'));
  fs.writeFileSync(path.join(programs, 'pg_resetwal'), RESETWAL, { mode: 0o755 });
  for (const { data } of [old, to]) fs.writeFileSync(path.join(data, 'pg_hba.conf'), LOCAL);
  if (as.uid !== undefined && as.gid !== undefined)
    for (const each of [folder, programs]) fs.chownSync(each, as.uid, as.gid);
  const args = ['-b', programs, '-B', PROGRAMS, '-d', old.data, '-D', to.data, '-U', 'postgres', '--socketdir', folder];
  const { status, stdout, stderr } = spawnSync(`${PROGRAMS}/pg_upgrade`, args, {
    ...as,
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
  });
  if (status !== 0) throw new Error(`pg_upgrade: ${status}\n${stdout}\n${stderr}`);
}
