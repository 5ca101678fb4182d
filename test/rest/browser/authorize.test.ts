import { expect } from 'chai';
import express, { type ErrorRequestHandler } from 'express';
import { literal, Op } from 'sequelize';
import {
  archiveBrowser,
  type BrowserAction,
  type BrowserContext,
  type BrowserOptions,
  ProblemError,
} from '../../../lib/rest';
import { useDatabase } from '../../support/database';
import { useServer } from '../support/client';
import { posting, read } from './ask';
import { defineMusic, fill, type Music } from './world';

describe('the archive browser: authorize', () => {
  const db = useDatabase();
  let music: Music;
  let authorize: BrowserOptions['authorize'];
  const asked: [BrowserAction, string, unknown][] = [];
  before(async () => {
    music = defineMusic(db.sequelize);
    await db.sequelize.sync();
    for (const name of ['Mine', 'Theirs']) await (await fill(music, name)).artist.destroy();
  });
  const server = useServer(() => {
    const { Artist, Album, Track } = music;
    const given = (action: BrowserAction, context: BrowserContext) => {
      asked.push([action, context.model.name, context.key]);
      return authorize(action, context);
    };
    const failed: ErrorRequestHandler = (error, _request, response, _next) =>
      void response.status(500).send(error.message);
    return express()
      .use('/archive', archiveBrowser({ models: [Artist, Album, Track], authorize: given }))
      .use(failed);
  });
  const get = (path: string) => server.ask('GET', `/archive${path}`);
  const post = posting(server);
  const everything = async () => [
    (await get('/Artist')).status,
    (await get('/Artist/rows/1')).status,
    (await get('/Album/rows/1/history')).status,
    (await post('/Artist/preview', { keys: ['1'] })).status,
    (await post('/Artist/preview', { search: 'mine' })).status,
    (await post('/Artist/restore', { keys: ['1'] })).status,
    (await post('/Artist/purge/preview', { key: '1' })).status,
    (await post('/Artist/purge', { key: '1', rows: 10, confirm: 'purge' })).status,
  ];

  for (const [title, answer] of Object.entries({
    false: false,
    nothing: undefined,
    'something that is no answer': 'yes',
    'an object without where': {},
    'where, and nothing in it': { where: undefined },
    'a list of no conditions': { where: [] },
    'conditions of none': { where: { [Op.and]: [] } },
  })) {
    it(`${title}: 403 for everything`, async () => {
      authorize = () => answer as never;
      expect(await everything()).to.deep.equal([403, 403, 403, 403, 403, 403, 403, 403]);
      expect((await get('')).status).to.equal(403);
      expect((await get('/Artist')).body).not.to.include('Mine');
      expect(await music.Artist.archives.count()).to.equal(2);
    });
  }

  it('SQL with an OR reaches no row that it does not pick', async () => {
    authorize = () => ({ where: { [Op.and]: [literal(`"name" = 'Mine' OR "name" = 'Nobody'`)] } });
    expect((await get('/Artist')).body)
      .to.include('Mine')
      .and.not.to.include('Theirs');
    expect((await get('/Artist/rows/2')).status).to.equal(404);
    expect((await post('/Artist/purge/preview', { key: '2' })).status).to.equal(404);
    expect((await post('/Artist/restore', { keys: ['2'] })).body).to.include('0 of');
    expect(await music.Artist.archives.count()).to.equal(2);
  });

  it('what it throws is answered, with its headers', async () => {
    authorize = () => {
      throw new ProblemError(401, 'Sign in first.', { headers: { 'WWW-Authenticate': 'Basic realm="archive"' } });
    };
    expect(await everything()).to.deep.equal([401, 401, 401, 401, 401, 401, 401, 401]);
    const reply = await get('');
    expect(reply.status).to.equal(401);
    expect(reply.headers.get('www-authenticate')).to.equal('Basic realm="archive"');
    expect(reply.headers.get('content-security-policy')).to.include("default-src 'none'");
    expect(read(reply.body)).to.include('Sign in first.');
  });

  it('an error of its own goes to the application', async () => {
    authorize = () => {
      throw new Error('of its own');
    };
    expect(await everything()).to.deep.equal([500, 500, 500, 500, 500, 500, 500, 500]);
  });

  it('where: holds in every page, preview, restore and purge', async () => {
    authorize = (_, { model }) => ({
      where: { Artist: { name: 'Mine' }, Album: { artistId: 1 } }[model.name] ?? { albumId: 1 },
    });
    expect(read((await get('')).body)).to.match(/Artists 1 0 Albums 2 0 Tracks 3 0/);
    const list = read((await get('/Artist')).body);
    expect(list).to.include('1 archived row').and.to.include('Mine').and.not.to.include('Theirs');
    expect(read((await get('/Artist?search=theirs')).body)).to.include('Nothing archived matches');
    for (const path of ['/Artist/rows/2', '/Album/rows/3', '/Album/rows/3/history']) {
      expect([path, (await get(path)).status]).to.deep.equal([path, 404]);
    }
    expect((await get('/Artist/rows/1')).status).to.equal(200);
    expect((await get('/Album/rows/1/history')).status).to.equal(200);
    for (const [path, body] of [
      ['/Artist/preview', { keys: ['2'] }],
      ['/Artist/purge/preview', { key: '2' }],
      ['/Artist/purge', { key: '2', rows: 10, confirm: 'purge' }],
    ] as const) {
      expect([path, (await post(path, body)).status]).to.deep.equal([path, 404]);
    }
    const both = read((await post('/Artist/preview', { keys: ['1', '2'] })).body);
    expect(both)
      .to.include('1 row of those chosen is not archived any more, or not yours')
      .and.not.to.include('Theirs');
    expect(read((await post('/Artist/preview', { search: 'example.org' })).body)).to.include('Restore Mine?');
    const report = read((await post('/Artist/restore', { keys: ['1', '2'] })).body);
    expect(report)
      .to.include('1 of 2 rows restored')
      .and.to.include('There is no archived Artist')
      .and.not.to.include('Theirs');
    expect(await music.Artist.archives.findAll({ attributes: ['name'], raw: true })).to.deep.equal([
      { name: 'Theirs' },
    ]);
    await music.Artist.destroy({ where: { name: 'Mine' } });
  });

  it('the rows of other models in a tree are as permitted as on their own pages', async () => {
    authorize = (_, { model }) => model.name === 'Artist' || (model.name === 'Album' && { where: { year: 2006 } });
    const page = read((await get('/Artist/rows/1')).body);
    expect(page).to.include('Albums 2 by artistId Guitar Artistry').and.to.include('and 1 more');
    expect(page).not.to.include('Guitar Recital');
    expect(page).to.include('counted, not shown here').and.not.to.include('Cavatina');
  });

  it('a page offers what is permitted, and no more', async () => {
    authorize = (action) => action === 'browse';
    const page = (await get('/Album/rows/1')).body;
    expect(page).not.to.match(/Restore…|Purge…|>History</);
    expect((await get('/Artist')).body).not.to.match(/<button[^>]*>Restore selected|type="checkbox"/);
    expect((await everything()).slice(3)).to.deep.equal([403, 403, 403, 403, 403]);
    expect((await get('/Album/rows/1/history')).status).to.equal(403);
  });

  it('it is told the action, the model and the key', async () => {
    authorize = () => false;
    asked.length = 0;
    await post('/Artist/restore', { keys: ['1'] });
    await post('/Artist/restore', { keys: ['1', '2'] });
    await post('/Artist/purge', { key: '2', rows: 10, confirm: 'purge' });
    await post('/Album/preview', { keys: ['7'] });
    expect(asked).to.deep.equal([
      ['restore', 'Artist', { id: 1 }],
      ['restore', 'Artist', undefined],
      ['purge', 'Artist', { id: 2 }],
      ['preview', 'Album', { id: 7 }],
    ]);
  });
});
