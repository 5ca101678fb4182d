import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { Express } from 'express';
import type * as Rest from '../../../lib/rest';
import { useDatabase } from '../../support/database';
import { useServer } from '../support/client';
import { posting, read } from './ask';
import { defineMusic, fill, type Music } from './world';

const load = createRequire(__filename);

/** The library as it is where the application has Express 4. */
function withExpress4(): { express: () => Express; rest: typeof Rest } {
  const [five, four] = [load.resolve('express'), load.resolve('express4')];
  const express = load(four);
  const before = { ...load.cache };
  for (const file of Object.keys(load.cache)) if (/[\\/]lib[\\/]rest[\\/]/.test(file)) delete load.cache[file];
  load.cache[five] = load.cache[four];
  const rest = load('../../../lib/rest');
  for (const file of Object.keys(load.cache)) if (/[\\/]lib[\\/]rest[\\/]/.test(file)) delete load.cache[file];
  Object.assign(load.cache, before);
  if (!before[five]) delete load.cache[five];
  return { express, rest };
}

describe('the archive browser on Express 4', () => {
  const db = useDatabase();
  let music: Music;
  before(async () => {
    music = defineMusic(db.sequelize);
    await db.sequelize.sync();
    await (await fill(music)).artist.destroy();
  });
  const server = useServer(() => {
    const { express, rest } = withExpress4();
    const { Artist, Album } = music;
    return express().use('/archive', rest.archiveBrowser({ models: [Artist, Album], authorize: () => true }));
  });

  it('serves its pages, and restores', async () => {
    for (const path of ['', '/', '/Artist', '/Artist/rows/1', '/Album/rows/1/history']) {
      expect([path, (await server.ask('GET', `/archive${path}`)).status]).to.deep.equal([path, 200]);
    }
    expect(
      (await server.ask('GET', '/archive/Artist/rows/%E0%A4%A', { headers: { accept: 'text/html' } })).status,
    ).to.equal(400);
    expect((await server.ask('OPTIONS', '/archive/Artist/restore')).status).to.equal(405);
    const post = posting(server);
    expect((await post('/Artist/restore', { keys: ['1'] }, {})).status).to.equal(403);
    expect(read((await post('/Artist/restore', { keys: ['1'] })).body)).to.include('1 row restored');
    expect(await music.Album.count()).to.equal(2);
  });
});
