import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { useDatabase } from '../support/database';
import { curlLines } from './curl';
import { type Program, start } from './program';

const ROOT = path.resolve(__dirname, '../..');
const FOLDER = path.join(ROOT, 'examples/express-blog');
const README = fs.readFileSync(path.join(FOLDER, 'README.md'), 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
type Body = any;
type Asking = { as?: string; method?: string; body?: object; headers?: Record<string, string> };

/** Asks the program. */
async function ask(origin: string, url: string, { as, method = 'GET', body, headers = {} }: Asking = {}) {
  const response = await fetch(origin + url, {
    method,
    headers: {
      ...(as ? { authorization: `Basic ${Buffer.from(`${as}:`).toString('base64')}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return {
    status: response.status,
    headers: response.headers,
    body: (/json/.test(type) ? JSON.parse(text) : text) as Body,
  };
}

describe('examples/express-blog', () => {
  let program: Program | undefined;
  let origin = '';

  /** Starts it, and waits until it says where it listens. */
  async function started(command: string[], env: NodeJS.ProcessEnv): Promise<Program> {
    program = start(command, FOLDER, { ...env, PORT: '0' });
    const [, url = ''] = await program.said(/^listening on (http:\S+)$/m);
    origin = url;
    return program;
  }

  const titles = async (url: string) =>
    (await ask(origin, url, { as: 'editor' })).body.results.map((row: Body) => row.title ?? row.text ?? row.name);

  describe('npm start, on a server of its own', () => {
    before(async () => {
      const { DATABASE_URL, ...embedded } = process.env;
      await started(['npm', 'start'], embedded);
    });
    after(() => program?.discard());

    it('is npm run blog, too', () => {
      const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
      expect(scripts.blog).to.equal('npm start --prefix examples/express-blog');
    });

    it('README.md: every line of curl is answered as it says', async () => {
      const lines = curlLines(README);
      expect(lines.length).to.be.greaterThan(10);
      for (const { text, url, init, status, body } of lines) {
        const response = await fetch(origin + url.pathname + url.search, init);
        const answer = await response.text();
        expect(response.status, `${text}\n${answer}`).to.equal(status);
        if (Object.keys(body).length > 0) expect(JSON.parse(answer), text).to.deep.include(body);
      }
    });

    it('the page at / links what there is', async () => {
      const { status, headers, body } = await ask(origin, '/');
      expect([status, headers.get('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8']);
      expect(body).to.include('curl -u editor: -X DELETE').and.not.to.include('localhost:3000');
      const links = [...body.matchAll(/href="([^"]+)"/g)].map(([, href]) => href.replaceAll('&amp;', '&'));
      expect(links).to.include.members(['/authors', '/posts/deleted']);
      for (const link of links) expect((await ask(origin, link, { as: 'support' })).status, link).to.equal(200);
    });

    it('who is unknown is told to sign in', async () => {
      const { status, headers, body } = await ask(origin, '/posts', { as: 'nobody' });
      expect([status, body.status]).to.deep.equal([401, 401]);
      expect(headers.get('www-authenticate')).to.equal('Basic realm="express-blog"');
      expect((await ask(origin, '/posts', { as: 'reader', method: 'POST', body: {} })).status).to.equal(403);
    });

    it('readers see no draft, nor its comments, whatever they ask for', async () => {
      const options = { as: 'editor', method: 'POST' };
      const draft = await ask(origin, '/posts', { ...options, body: { title: 'Secret', authorId: 1 } });
      const comment = await ask(origin, '/comments', { ...options, body: { text: 'Hush', postId: draft.body.id } });
      expect([draft.status, comment.status]).to.deep.equal([201, 201]);
      for (const url of [`/posts/${draft.body.id}`, `/comments/${comment.body.id}`]) {
        expect((await ask(origin, url)).status, url).to.equal(404);
        expect((await ask(origin, url, { as: 'editor' })).status, url).to.equal(200);
      }
      for (const url of ['/posts?published=false', `/comments?postId=${draft.body.id}`])
        expect((await ask(origin, url)).body.count, url).to.equal(0);
    });

    it('SIGINT, which a shell sends to all of it, stops it cleanly; nothing is left behind', async () => {
      const [directory, ...more] = (program as Program).leftovers();
      expect(more).to.deep.equal([]);
      expect(directory).to.match(/^guitars-postgres-/);
      const { errors } = await (program as Program).stop('SIGINT');
      expect(errors).not.to.match(/Error|Interrupted/);
      // It goes after its server.
      expect((program as Program).leftovers()).to.deep.equal([]);
    });
  });

  it('SIGTERM while its server is being made stops it as cleanly', async () => {
    const { DATABASE_URL, ...embedded } = process.env;
    const starting = start(['npm', 'start'], FOLDER, { ...embedded, PORT: '0' });
    try {
      while (starting.leftovers().length === 0) await new Promise((again) => setImmediate(again));
      const { errors } = await starting.stop('SIGTERM');
      expect(errors).not.to.match(/Error/);
      expect(starting.leftovers()).to.deep.equal([]);
    } finally {
      starting.discard();
    }
  });

  describe('on a database of yours', () => {
    const database = useDatabase();
    const node = [process.execPath, '--require', 'tsx/cjs', 'main.ts'];
    const mine = () => ({ ...process.env, DATABASE_URL: database.url });
    afterEach(() => program?.discard());

    it('archives with an author what is his, restores it, and keeps all when it is started again', async () => {
      const first = await started(node, mine());
      expect(await titles('/posts?sort=title')).to.deep.equal(['A draft', 'On strings', 'On wood']);
      const options = { as: 'editor', headers: { 'x-comment': 'asked by mail' } };
      expect((await ask(origin, '/authors/1', { ...options, method: 'DELETE' })).status).to.equal(204);
      expect(await titles('/posts')).to.deep.equal(['On strings']);
      expect(await titles('/posts/deleted?sort=title')).to.deep.equal(['A draft', 'On wood']);
      expect(await titles('/comments/deleted')).to.deep.equal(['And cedar?', 'Thank you.']);
      expect(await first.stop('SIGTERM')).to.include({ code: 0, errors: '' });

      const second = await started(node, mine());
      expect(await titles('/authors')).to.deep.equal(['Ben']);
      expect((await ask(origin, '/authors/1/restore', { as: 'editor', method: 'PATCH' })).status).to.equal(200);
      expect(await titles('/posts?sort=title')).to.deep.equal(['A draft', 'On strings', 'On wood']);
      expect(await titles('/comments')).to.have.length(3);
      expect((await second.stop('SIGTERM')).code).to.equal(0);

      const entries = await database.sequelize.query(
        'SELECT _operation AS operation, _actor AS actor, _comment AS comment FROM express_blog.post_history WHERE id = 1 ORDER BY _entry',
      );
      expect(entries[0]).to.deep.equal([
        { operation: 'insert', actor: 'seed', comment: null },
        { operation: 'archive', actor: 'editor', comment: 'asked by mail' },
        { operation: 'restore', actor: 'editor', comment: 'restore' },
      ]);
    });

    it('a request under way is answered before it stops, and connections without one do not keep it', async () => {
      const running = await started(node, mine());
      const other = await database.client();
      await other.query('BEGIN; SELECT FROM express_blog.author WHERE id = 2 FOR UPDATE');
      const options = { as: 'editor', method: 'PATCH', body: { name: 'Benjamin' } };
      const answer = ask(origin, '/authors/2', options);
      const admin = await database.admin();
      const waiting = 'SELECT FROM pg_locks WHERE NOT granted';
      while ((await admin.query(waiting)).rowCount === 0);
      const stopped = running.stop('SIGTERM');
      while (
        await fetch(origin).then(
          (response) => response.text(),
          () => '',
        )
      ); // it listens no more
      await other.query('COMMIT');
      const { status, body } = await answer;
      expect([status, body.name]).to.deep.equal([200, 'Benjamin']);
      expect((await stopped).code).to.equal(0);
    });

    it('exits 1 where there is no database, and says why', async () => {
      const broken = start(node, FOLDER, { ...process.env, PORT: '0', DATABASE_URL: 'postgres://127.0.0.1:1/none' });
      program = broken;
      const error = await broken.said(/^listening/m).catch((caught: Error) => caught.message);
      expect(error).to.include('ConnectionRefused');
    });
  });
});
