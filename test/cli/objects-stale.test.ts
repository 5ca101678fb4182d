import { expect } from 'chai';
import { held } from '../contract/world';
import { model, useGuitarists } from './guitarists';

describe('guitars ls, prune, uninstall', () => {
  const { db, app, query, listed } = useGuitarists();

  before(async () => {
    await app.guitars('install');
    await query(`INSERT INTO song (name) VALUES ('b'); DELETE FROM song`);
  });

  it('DRIFTED is what was edited, OUTDATED what was made for other models, PRUNE what they do not call for', async () => {
    await query(
      'CREATE OR REPLACE TRIGGER guitars_truncate BEFORE TRUNCATE ON song WHEN (false) EXECUTE FUNCTION guitars.refuse_truncate()',
    );
    const attributes = `{ name: { type: DataTypes.TEXT } }`;
    app.models(
      [
        model('Guitarist', 'trigger'),
        model('Song')
          .replace(/\{ name.*?\} \}/, attributes)
          .replace('guitar: {', "guitar: { columns: { updatedAt: '_changed_at' },"),
      ].join('\n'),
    );
    await query('ALTER TABLE song RENAME _updated_at TO _changed_at');
    const { code, objects } = await listed();
    expect(code).to.equal(1);
    const of = (word: string) =>
      objects.filter((line) => line.startsWith(word)).map((line) => line.split(' ')[2]?.replace(/_[0-9a-f]{8}$/, ''));
    expect(of('DRIFTED')).to.deep.equal(['guitars_truncate']);
    expect(of('UNINSTALLED')).to.deep.equal(['guitarist_archive', 'guitars_archive']);
    expect(of('PRUNE')).to.deep.equal(['guitars_bypass', 'guitars_soft_delete', 'song_name_unique']);
    expect(of('OUTDATED')).to.deep.equal([
      'song_fill',
      'song_stamp',
      'guitars_fill',
      'guitars_stamp',
      'guitars_soft_delete',
    ]);
  });

  it('a stale unique index still refuses rows: the audit says so, and prune drops it', async () => {
    expect((await app.guitars('audit', '--model', 'Song')).out).to.match(
      /unexpected {2}Song: the index song_name_unique on song is not what the models call for, and still refuses rows/,
    );
    const { code, out } = await app.guitars('prune');
    expect([code, out.replace(/_[0-9a-f]{8}$/m, '')]).to.deep.equal([
      0,
      '  dropped trigger guitars_bypass on app.guitarist\n  dropped rule guitars_soft_delete on app.guitarist\n' +
        '  dropped index song_name_unique on app.song\n  dropped function guitarist_bypass\n4 objects.\n',
    ]);
    expect((await app.guitars('install')).code).to.equal(0);
    expect((await listed()).code).to.equal(0);
    expect((await app.guitars('audit')).code).to.equal(0);
  });

  it('uninstall asks; of a kind; then of all, and rows, columns and unique indexes stay', async () => {
    expect((await app.guitars('uninstall')).code).to.equal(2);
    const triggers = await app.guitars('uninstall', '--kind', 'trigger', '--model', 'Guitarist', '--yes');
    expect(triggers.code, triggers.err).to.equal(0);
    expect((await listed('--kind', 'trigger', '--model', 'Guitarist')).objects.join()).not.to.match(/INSTALLED E/);
    expect((await app.guitars('uninstall', '--kind', 'index', '--yes')).out).to.match(/^Nothing to do/);
    expect((await app.guitars('uninstall', '--yes')).code).to.equal(0);
    const { objects } = await listed('--kind', 'trigger', '--kind', 'rule', '--kind', 'function');
    expect(objects.filter((line) => !line.startsWith('UNINSTALLED'))).to.deep.equal([]);
    expect((await listed('--kind', 'index')).objects).to.deep.equal(['INSTALLED - guitarist_name_unique']);
    expect(await held(db.sequelize, 'song')).to.equal(1);
    expect((await app.guitars('uninstall', '--yes')).out).to.match(/^Nothing to do/);
  });
});
