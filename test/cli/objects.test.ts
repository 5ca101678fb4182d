import { expect } from 'chai';
import { held, live, rows } from '../contract/world';
import { useGuitarists } from './guitarists';

describe('guitars ls, install, enable, disable', () => {
  const { db, app, query, listed } = useGuitarists();
  const off = () =>
    rows(
      db.sequelize,
      `SELECT tgname::text AS name FROM pg_trigger WHERE tgname LIKE 'guitars%' AND tgenabled = 'D'
        UNION ALL SELECT rulename::text FROM pg_rewrite WHERE rulename LIKE 'guitars%' AND ev_enabled = 'D' ORDER BY name`,
    );

  it('ls before anything is installed: UNINSTALLED, and 1', async () => {
    const { code, out } = await app.guitars('ls');
    expect(code).to.equal(1);
    expect(out).to.match(/^STATUS +STATE +KIND +MODEL +TABLE +NAME +WHY\n/);
    expect(out).to.match(/^UNINSTALLED +- +rule +Song +app\.song +guitars_soft_delete +it is not in the database$/m);
  });

  it('install --name brings what that needs, and nothing else', async () => {
    const { code, out, err } = await app.guitars('install', '--model', 'Song', '--name', 'guitars_stamp');
    expect(code, err).to.equal(0);
    expect(out).to.match(
      /installed function song_stamp_\w+ on app\.song\n.*installed trigger guitars_stamp on app\.song/s,
    );
    expect(out).not.to.match(/guitarist|guitars_truncate/);
    await query(`INSERT INTO song (name) VALUES ('a'); UPDATE song SET _updated_at = '2001-01-01'`);
    expect(await rows(db.sequelize, "SELECT FROM song WHERE _updated_at < now() - interval '1 day'")).to.deep.equal([]);
  });

  it('install, and ls is clean: 0; install again has nothing to do', async () => {
    expect((await app.guitars('install')).code).to.equal(0);
    const { code, objects } = await listed();
    expect([code, objects.filter((line) => !/^INSTALLED (ENABLED|-) /.test(line))]).to.deep.equal([0, []]);
    const again = await app.guitars('install');
    expect([again.code, again.out]).to.deep.equal([0, 'Nothing to do: all of it is installed.\n']);
    expect((await app.guitars('prune')).out).to.match(/^Nothing to do/);
    expect((await app.guitars('enable')).out).to.match(/^Nothing to do/);
  });

  it('by model, name and kind', async () => {
    const { objects } = await listed('--model', 'Song', '--kind', 'trigger', '--kind', 'rule');
    expect(objects).to.deep.equal([
      'INSTALLED ENABLED guitars_fill',
      'INSTALLED ENABLED guitars_stamp',
      'INSTALLED ENABLED guitars_bypass',
      'INSTALLED ENABLED guitars_truncate',
      'INSTALLED ENABLED guitars_soft_delete',
    ]);
    expect((await listed('--name', 'guitars_*e', '--model', 'Song')).objects).to.have.length(2);
    for (const [flags, says] of [
      [['--model', 'Sing'], /no enforced model "Sing"\. Use one of: Guitarist, Song\./],
      [['--kind', 'view'], /no kind "view".*Use one of: column, /],
    ] as const) {
      const { code, err } = await app.guitars('ls', ...flags);
      expect([code, err]).to.deep.equal([2, err]);
      expect(err).to.match(says);
    }
  });

  it('disable asks, and without a terminal wants --yes', async () => {
    const asked = await app.guitars('disable', '--model', 'Song');
    expect([asked.code, await off()]).to.deep.equal([2, []]);
    expect(asked.err).to.match(/would disable 5 objects\..*There is no terminal.*Nothing was changed; give --yes\./s);
    const done = await app.guitars('disable', '--model', 'Song', '--yes');
    expect([done.code, done.out.split('\n').length]).to.deep.equal([0, 7]);
    expect(await off()).to.have.length(5);
    expect((await listed('--kind', 'rule')).objects).to.deep.equal([
      'INSTALLED ENABLED guitars_soft_delete',
      'INSTALLED DISABLED guitars_soft_delete',
    ]);
    await query('DELETE FROM song');
    expect(await held(db.sequelize, 'song')).to.equal(0);
  });

  it('enable switches them on again', async () => {
    const { code, out } = await app.guitars('enable', '--json');
    expect([code, JSON.parse(out).sort()]).to.deep.equal([
      0,
      [
        'rule guitars_soft_delete',
        ...['bypass', 'fill', 'stamp', 'truncate'].map((name) => `trigger guitars_${name}`),
      ].map((name) => `enabled ${name} on app.song`),
    ]);
    await query(`INSERT INTO song (name) VALUES ('b'); DELETE FROM song`);
    expect([await live(db.sequelize, 'song'), await held(db.sequelize, 'song')]).to.deep.equal([0, 1]);
  });

  it('ALWAYS is in force, REPLICA is not', async () => {
    await query('ALTER TABLE song ENABLE ALWAYS TRIGGER guitars_stamp');
    expect(await listed('--name', 'guitars_stamp', '--model', 'Song')).to.deep.equal({
      code: 0,
      objects: ['INSTALLED ALWAYS guitars_stamp'],
    });
    expect((await app.guitars('audit')).code).to.equal(0);
    await query('ALTER TABLE song ENABLE REPLICA TRIGGER guitars_stamp');
    expect(await listed('--name', 'guitars_stamp', '--model', 'Song')).to.deep.equal({
      code: 1,
      objects: ['INSTALLED REPLICA guitars_stamp'],
    });
    expect((await app.guitars('enable', '--name', 'guitars_stamp')).code).to.equal(0);
    expect((await listed()).code).to.equal(0);
  });
});
