import { expect } from 'chai';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import express4 from 'express4';
import { softDeleteRouter } from '../../../lib/rest';
import { useShop } from '../../orm/shop';
import { useDatabase } from '../../support/database';
import { useServer } from '../support/client';

/** Applications that are set up in other ways than by default, and where in them the router is. */
const APPLICATIONS: Readonly<Record<string, readonly [path: string, make: (router: () => express.Router) => Express]>> =
  {
    'Express 4, with a router of Express 5': ['/articles', (router) => express4().use('/articles', router())],
    'parsers of its own': [
      '/articles',
      (router) =>
        express()
          .use(express.json(), express.urlencoded({ extended: true }))
          .use('/articles', router()),
    ],
    'parsers of its own, Express 4': [
      '/articles',
      (router) =>
        express4()
          .use(express4.json(), express4.urlencoded({ extended: true }))
          .use('/articles', router()),
    ],
    'query parser extended': ['/articles', (router) => set('query parser', 'extended').use('/articles', router())],
    'query parser off': ['/articles', (router) => set('query parser', false).use('/articles', router())],
    'strict routing': ['/articles', (router) => set('strict routing', true).use('/articles', router())],
    'case sensitive routing': ['/articles', (router) => set('case sensitive routing', true).use('/articles', router())],
    'behind a proxy': ['/articles', (router) => set('trust proxy', true).use('/articles', router())],
    'nested under a parameter of the same name': [
      '/shops/7/articles',
      (router) => express().use('/shops/:pk', express.Router({ mergeParams: true }).use('/articles', router())),
    ],
  };

const set = (name: string, value: unknown) => express().set(name, value);

describe('applications of all kinds', () => {
  const database = useDatabase();
  const shop = useShop(database, 'rule');
  const router = (options = {}) =>
    softDeleteRouter(shop.Article, { filter: { title: ['eq', 'contains'] }, sort: ['title'], ...options });

  for (const [title, [path, make]] of Object.entries(APPLICATIONS)) {
    describe(title, () => {
      const { ask } = useServer(() => make(router));

      it('a row is made, read, listed, written, archived and restored', async () => {
        const made = await ask('POST', path, { body: { title: 'a' } });
        expect([made.status, made.headers.get('location')]).to.deep.equal([201, `${path}/1`]);
        const etag = made.headers.get('etag') ?? '';
        expect((await ask('GET', `${path}/1`)).body.title).to.equal('a');
        const listed = await ask('GET', `${path}?title[contains]=a&sort=-title&pageSize=1`);
        expect([listed.status, listed.body.count]).to.deep.equal([200, 1]);
        expect(
          (await ask('PATCH', `${path}/1`, { body: { title: 'b' }, headers: { 'if-match': etag } })).status,
        ).to.equal(200);
        expect(
          (await ask('PUT', `${path}/1`, { body: { title: 'c' }, headers: { 'if-match': etag } })).status,
        ).to.equal(412);
        expect((await ask('DELETE', `${path}/1`)).status).to.equal(204);
        expect((await ask('DELETE', `${path}/1`)).status).to.equal(404);
        expect((await ask('GET', `${path}/deleted/1`)).body.title).to.equal('b');
        expect((await ask('PATCH', `${path}/1/restore`)).body.deletedAt).to.equal(null);
        expect((await ask('DELETE', `${path}?title=b`)).status).to.equal(204);
        expect((await ask('PATCH', `${path}/restore`)).status).to.equal(204);
        expect((await ask('DELETE', `${path}/1?permanent=true`)).status).to.equal(204);
      });

      it('links go on where they are', async () => {
        await shop.Article.bulkCreate([{ title: 'a' }, { title: 'b' }]);
        const { next } = (await ask('GET', `${path}?pageSize=1`)).body;
        expect((await ask('GET', next)).body.results).to.have.lengthOf(1);
        expect(next).to.match(new RegExp(`^${path}[?]`));
      });

      it('what is wrong is a problem', async () => {
        const form = { body: 'title=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
        const asked = [
          await ask('POST', path, form),
          await ask('POST', path),
          await ask('GET', `${path}?nothing=1`),
          await ask('GET', `${path}?title=a&title=b`),
          await ask('GET', `${path}/%zz`),
          await ask('PUT', `${path}/deleted`, { body: {} }),
        ];
        expect(asked.map(({ status }) => status)).to.deep.equal([415, 400, 400, 400, 400, 405]);
        for (const { headers } of asked) expect(headers.get('content-type')).to.match(/^application\/problem\+json/);
      });

      it('what is deeper than a value is refused, whoever has read it', async () => {
        const body = `{"title":"a","meta":${'['.repeat(200)}${']'.repeat(200)}}`;
        expect((await ask('POST', path, { body })).status).to.equal(400);
      });
    });
  }

  for (const [title, make] of Object.entries({
    'Express 5': express,
    'Express 4': express4 as unknown as typeof express,
  })) {
    describe(`errors that are the application's own, ${title}`, () => {
      const boom = new Error('boom');
      const heard: unknown[] = [];
      const options = {
        authorize: (action: string) => {
          if (action === 'list') throw boom;
          return true;
        },
        serialize: () => Promise.reject(boom),
      };
      const { ask } = useServer(() =>
        make()
          .use('/articles', router(options))
          .use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
            heard.push(error);
            response.status(500).json({ handled: true });
          }),
      );
      beforeEach(() => heard.splice(0));

      for (const [method, path] of [
        ['GET', '/articles'],
        ['GET', '/articles/1'],
        ['POST', '/articles'],
      ] as const) {
        it(`${method} ${path}: its handler hears of it, once`, async () => {
          await shop.Article.create({ title: 'a' });
          const { status, body } = await ask(method, path, method === 'POST' ? { body: { title: 'b' } } : {});
          expect([status, body, heard]).to.deep.equal([500, { handled: true }, [boom]]);
        });
      }

      it('a row whose answer fails is not made', async () => {
        await ask('POST', '/articles', { body: { title: 'b' } });
        expect(await shop.Article.count()).to.equal(0);
      });

      it('what no route is for is the next one’s', async () => {
        expect((await ask('GET', '/articles/1/2/3')).status).to.equal(404);
        expect(heard).to.deep.equal([]);
      });
    });
  }
});
