import { expect } from 'chai';
import express from 'express';
import { QueryTypes } from 'sequelize';
import { archiveBrowser } from '../../../lib/rest';
import { eachEngine, emptied } from '../../orm/shop';
import { useServer } from '../support/client';
import { posting, read } from './ask';
import { defineMusic, fill, type Music } from './world';

eachEngine('the archive browser', (db, engine) => {
  let music: Music;
  before(async () => {
    music = defineMusic(db.sequelize, engine);
    await db.sequelize.sync();
  });
  beforeEach(() => emptied(db.sequelize));
  const server = useServer(() => {
    const { Artist, Album, Track } = music;
    const archive = archiveBrowser({
      models: [Artist, Album, { model: Track, label: 'Songs', fields: ['id', 'title'], search: [] }],
      authorize: () => true,
      revision: ({ action, model, key }) => ({ actor: 'sue', comment: `${action} ${model.name} ${key?.id ?? 'many'}` }),
      bulkLimit: 5,
    });
    return express().use('/archive', archive);
  });
  const page = async (path: string) => {
    const { status, body } = await server.ask('GET', `/archive${path}`);
    expect(status, path).to.equal(200);
    return body as string;
  };
  const text = async (path: string) => read(await page(path));
  const post = posting(server);
  const told = async (path: string, body: unknown) => {
    const reply = await post(path, body);
    expect(reply.headers.get('x-guitars-archive'), JSON.stringify(reply.body)).to.equal('1');
    return read(reply.body);
  };
  const live = async (table: string) => {
    const sql = `SELECT id FROM ${table} WHERE _deleted_at IS NULL ORDER BY id`;
    return (await db.sequelize.query<{ id: number }>(sql, { type: QueryTypes.SELECT })).map((row) => row.id);
  };

  it('counts what is live and what is archived', async () => {
    const { albums } = await fill(music);
    await albums[0]?.destroy();
    expect(await text('')).to.match(/Artists 0 1 Albums 1 1 Songs 3 3/);
  });

  it('the last archived comes first, and pages go on where they ended', async () => {
    await music.Artist.bulkCreate(Array.from({ length: 23 }, (_, n) => ({ name: `Artist no. ${n}` })));
    for (let n = 1; n <= 5; n++) await music.Artist.destroy({ where: { id: n } });
    await music.Artist.destroy({ where: {} });
    const seen: string[] = [];
    let path = '/Artist?size=10';
    for (let pages = 1; path !== ''; pages++) {
      const body = await page(path);
      seen.push(...[...body.matchAll(/rows\/(\d+)"/g)].map(([, key]) => String(key)));
      const [, next] = /href="\/archive([^"]*)" rel="next"/.exec(body) ?? [];
      path = next?.replaceAll('&amp;', '&') ?? '';
      expect(pages).to.be.lessThan(4);
    }
    const expected = [...Array.from({ length: 18 }, (_, n) => n + 6), 5, 4, 3, 2, 1];
    expect(seen).to.deep.equal(expected.map(String));
    for (const bad of [
      'size=0',
      'size=101',
      'size=x',
      'cursor=x',
      'other=1',
      `search=${'x'.repeat(201)}`,
      'search=%00',
    ]) {
      expect([bad, (await server.ask('GET', `/archive/Artist?${bad}`)).status]).to.deep.equal([bad, 400]);
    }
  });

  it('searches texts that are shown, and the key; wildcards are text', async () => {
    const names = ['100% cotton', '100 percent', 'under_score', 'underscore', 'back\\slash', "O'Brien"];
    await music.Artist.bulkCreate(names.map((name) => ({ name, secret: 'zebra' })));
    await music.Artist.destroy({ where: {} });
    const found = async (search: string) => {
      const body = await page(`/Artist?search=${encodeURIComponent(search)}`);
      return [...body.matchAll(/rows\/(\d+)"/g)].map(([, key]) => names[Number(key) - 1]);
    };
    expect(await found('100%')).to.deep.equal(['100% cotton']);
    expect(await found('UNDER_')).to.deep.equal(['under_score']);
    expect(await found('\\')).to.deep.equal(['back\\slash']);
    expect(await found(`o'b`)).to.deep.equal(["O'Brien"]);
    expect(await found('%')).to.deep.equal(['100% cotton']);
    expect(await found('4')).to.deep.equal(['underscore']);
    expect(await found('zebra')).to.deep.equal([]);
    expect(await found('99999999999999999999')).to.deep.equal([]);
    expect(await found("' OR true --")).to.deep.equal([]);
  });

  it('an attribute that is excluded is nowhere', async () => {
    const { artist, albums } = await fill(music);
    await albums[0]?.update({ secret: 'hush-changed', title: 'Other' });
    await artist.destroy();
    const paths = [
      '',
      '/Artist',
      '/Artist?search=hush',
      '/Artist/rows/1',
      '/Album',
      '/Album/rows/1',
      '/Album/rows/1/history',
      '/Track',
    ];
    for (const path of paths)
      expect((await page(path)).replaceAll('value="hush"', '').replaceAll('<bdi>hush</bdi>', ''), path).not.to.match(
        /hush|secret/,
      );
    for (const each of [
      await told('/Album/preview', { keys: ['1'] }),
      await told('/Album/purge/preview', { key: '1' }),
    ]) {
      expect(each).not.to.match(/hush|secret/);
    }
  });

  it('a tree shows what the same deletion took, and nothing else', async () => {
    const { artist, albums } = await fill(music);
    await music.Track.destroy({ where: { id: 2 } });
    await albums[1]?.destroy();
    await artist.destroy();
    const body = await text('/Artist/rows/1');
    expect(body).to.include('The same deletion archived 4 rows more');
    expect(body).to.match(
      /Albums 1 by artistId Guitar Artistry 1 Songs 2 by albumId Cavatina 1 La Catedral 3 Review 1 by albumId counted, not shown here In all/,
    );
    expect(await text('/Album/rows/1'))
      .to.include('It refers to rows that are archived too')
      .and.to.include('Artist Ana Vidović, by artistId');
    expect(await text('/Track/rows/2')).to.include('Nothing: the deletion took this row alone');
  });

  it('a wide tree says how much more there is', async () => {
    const { artist } = await fill(music);
    await music.Album.bulkCreate(Array.from({ length: 30 }, (_, n) => ({ title: `No. ${n}`, artistId: artist.id })));
    await artist.destroy();
    const body = await text('/Artist/rows/1');
    expect(body).to.include('Albums 32 by artistId').and.to.include('and 22 more').and.to.include('39 rows more');
  });

  it('a restore does what its preview said', async () => {
    const { artist } = await fill(music);
    await artist.destroy();
    const preview = await told('/Artist/preview', { keys: ['1'] });
    expect(preview)
      .to.include('10 rows come back')
      .and.to.match(/Artists 1 Albums 2 Review app\.review 1 Songs 6/);
    expect(await live('track')).to.deep.equal([]);
    expect(await told('/Artist/restore', { keys: ['1'] })).to.include('1 row restored');
    expect(await live('track')).to.deep.equal([1, 2, 3, 4, 5, 6]);
    const again = await told('/Artist/restore', { keys: ['1'] });
    expect(again).to.include('0 of 1 row restored').and.to.include('There is no archived Artist with this key');
  });

  it('an archived parent and a taken value are foreseen, and refused', async () => {
    const { artist } = await fill(music);
    await artist.destroy();
    expect(await told('/Album/preview', { keys: ['1'] })).to.include('A parent is archived: Artists, by artistId');
    expect(await told('/Album/restore', { keys: ['1'] })).to.include('Restore that one first');
    await music.Artist.create({ name: 'Other', email: artist.email });
    const preview = await told('/Artist/preview', { keys: ['1'] });
    expect(preview).to.include('It would be refused').and.to.include('A live row has the same value of email');
    expect(await told('/Artist/restore', { keys: ['1'] })).to.include('Another row has a value that has to be unique');
    expect(await live('artist')).to.deep.equal([2]);
  });

  it('in bulk each row is told of, and one that is refused keeps none back', async () => {
    const names = ['a', 'b', 'c'];
    await music.Artist.bulkCreate(names.map((name) => ({ name, email: `${name}@example.org` })));
    await music.Artist.destroy({ where: {} });
    await music.Artist.create({ name: 'thief', email: 'b@example.org' });
    const preview = await told('/Artist/preview', { keys: ['1', '2', '3', '9'] });
    expect(preview)
      .to.include('1 row would be refused as things are')
      .and.to.include('1 row of those chosen is not archived');
    expect(preview).to.include('Restore 2 rows');
    const report = await told('/Artist/restore', { keys: ['1', '2', '3', '9', '3'] });
    expect(report).to.include('2 of 4 rows restored');
    expect(report).to.match(
      /a ✓ restored.* b ✗ not restored Another row has a value .* c ✓ restored.* Artist 9 ✗ not restored There is no archived Artist/,
    );
    expect(await live('artist')).to.deep.equal([1, 3, 4]);
  });

  it('of two that have a unique value in common, the second one is foreseen to be refused', async () => {
    await music.Artist.bulkCreate(['a', 'b', 'c'].map((name) => ({ name, email: `${name}@example.org` })));
    await music.Artist.destroy({ where: {} });
    await db.sequelize.query(`UPDATE artist SET e_mail = 'a@example.org' WHERE id = 3`);
    const preview = await told('/Artist/preview', { keys: ['3', '2', '1'] });
    expect(preview).to.match(/c ✓ comes back b ✓ comes back a ✗ would be refused .* Restore 2 rows/);
    expect(await told('/Artist/restore', { keys: ['3', '2', '1'] })).to.match(/2 of 3 .* c ✓ .* b ✓ .* a ✗/);
    expect(await live('artist')).to.deep.equal([2, 3]);
  });

  it('all that a search matches, up to the limit', async () => {
    await music.Artist.bulkCreate(
      Array.from({ length: 8 }, (_, n) => ({ name: n < 5 ? `few ${n}` : `many few ${n}` })),
    );
    await music.Artist.destroy({ where: {} });
    const many = await post('/Artist/preview', { search: 'few' });
    expect([many.status, many.body.type, many.body.limit]).to.deep.equal([
      422,
      'urn:sequelize-guitars:problem:too-many-rows',
      5,
    ]);
    expect((await post('/Artist/restore', { keys: ['1', '2', '3', '4', '5', '6'] })).status).to.equal(422);
    const { body } = await post('/Artist/preview', { search: 'many' });
    const [, keys] = /data-body="([^"]*)"/.exec(body) ?? [];
    expect(await told('/Artist/restore', JSON.parse(String(keys).replaceAll('&quot;', '"')))).to.include(
      '3 rows restored',
    );
    expect(await live('artist')).to.deep.equal([6, 7, 8]);
  });

  it('an error of the application in bulk does not hide what became of the others', async () => {
    await music.Artist.bulkCreate(['a', 'b', 'c'].map((name) => ({ name })));
    await music.Artist.destroy({ where: {} });
    (music.Artist as unknown as { addHook(name: string, hook: (row: unknown) => void): void }).addHook(
      'beforeRestore',
      (artist) => {
        if ((artist as { name?: string }).name === 'b') throw new Error('of the hook');
      },
    );
    const warned: Error[] = [];
    const listen = (warning: Error) => void warned.push(warning);
    process.on('warning', listen);
    try {
      const report = await told('/Artist/restore', { keys: ['1', '2', '3'] });
      expect(report).to.include('2 of 3 rows restored').and.to.include('It failed by an error of the application');
      expect(report).not.to.include('of the hook');
      expect(warned.map(({ message }) => message)).to.include('of the hook');
    } finally {
      process.off('warning', listen);
    }
    expect(await live('artist')).to.deep.equal([1, 3]);
  });

  it('a purge removes what its preview said, or nothing', async () => {
    const { artist, albums } = await fill(music);
    await albums[0]?.destroy();
    const preview = await told('/Album/purge/preview', { key: '1' });
    expect(preview)
      .to.include('A purge removes 5 rows')
      .and.to.match(/Albums 1 0 Review app\.review 1 0 Songs 3 0/);
    const changed = await post('/Album/purge', { key: '1', rows: 4, confirm: 'purge' });
    expect([changed.status, changed.body.type]).to.deep.equal([409, 'urn:sequelize-guitars:problem:changed']);
    expect(await music.Album.count({ paranoid: false })).to.equal(2);
    expect(await told('/Album/purge', { key: '1', rows: 5, confirm: 'purge' })).to.include(
      '5 rows were removed for good',
    );
    expect(await music.Album.count({ paranoid: false })).to.equal(1);
    expect((await post('/Artist/purge', { key: String(artist.id), rows: 5, confirm: 'purge' })).status).to.equal(404);
    expect((await post('/Artist/purge/preview', { key: String(artist.id) })).status).to.equal(404);
  });

  it('a purge that comes upon more rows than it was told of removes nothing', async () => {
    await (await fill(music)).artist.destroy();
    const other = await db.client();
    await other.query(`BEGIN; INSERT INTO track (title, "albumId", _deleted_at) VALUES ('late', 1, now())`);
    const purging = post('/Artist/purge', { key: '1', rows: 10, confirm: 'purge' });
    const waiting = 'SELECT FROM pg_locks WHERE NOT granted';
    while (((await db.sequelize.query(waiting))[0] as unknown[]).length === 0);
    await other.query('COMMIT');
    expect((await purging).status).to.equal(409);
    expect(await music.Track.count({ paranoid: false })).to.equal(7);
    expect(await told('/Artist/purge', { key: '1', rows: 11, confirm: 'purge' })).to.include('11 rows were removed');
  });

  it('history tells what changed, who did it and why, deletions and restores included', async () => {
    const { albums } = await fill(music);
    await db.sequelize.query(
      `BEGIN; SELECT set_config('guitars.revision', '{"actor":"mallory","comment":"spring cleaning"}', true);
      UPDATE album SET title = 'Guitar Artifice', year = NULL WHERE id = 1; DELETE FROM album WHERE id = 1; COMMIT`,
    );
    await told('/Album/restore', { keys: ['1'] });
    const body = await page('/Album/rows/1/history');
    expect(read(body)).to.match(
      /Restored .* version 4 By sue: restore Album 1 .* Archived .* version 3 By mallory: spring cleaning .* Updated .* version 2 By mallory: .* Inserted .* By nobody who said so/,
    );
    expect(body).to.include(
      '<td><bdi>Guitar <del>Artistry</del></bdi></td><td><bdi>Guitar <ins>Artifice</ins></bdi></td>',
    );
    expect(body).to.include('<td><bdi><del>2006</del></bdi></td><td><span class="none">null</span></td>');
    expect(read(body)).to.include('Album 1, live');
    expect((await server.ask('GET', '/archive/Artist/rows/1/history')).status).to.equal(404);
    await albums[1]?.destroy();
    await told('/Album/purge', { key: '2', rows: 4, confirm: 'purge' });
    const [last] = (await music.Album.historyOf(2)).slice(-1);
    expect([last?.operation, last?.actor, last?.comment]).to.deep.equal(['delete', 'sue', 'purge Album 2']);
  });
});
