import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import express from 'express';
import { archiveBrowser } from '../../../lib/rest';
import { useDatabase } from '../../support/database';
import { useServer } from '../support/client';
import { OWN, posting } from './ask';
import { defineMusic, fill, type Music } from './world';

describe('the archive browser: safety', () => {
  const db = useDatabase();
  let music: Music;
  before(async () => {
    music = defineMusic(db.sequelize);
    await db.sequelize.sync();
    await (await fill(music)).artist.destroy();
  });
  const server = useServer(() =>
    express().use('/archive', archiveBrowser({ models: [music.Artist, music.Album], authorize: () => true })),
  );
  const post = posting(server);
  const archived = () => music.Artist.archives.count();

  it('every answer has the policy, and its script and style the nonce', async () => {
    const nonces = new Set<string>();
    for (const path of ['', '/Artist', '/Artist/rows/1', '/Album/rows/1/history', '/Nothing', '/a/b/c/d']) {
      const { headers, body } = await server.ask('GET', `/archive${path}`);
      const policy = headers.get('content-security-policy') ?? '';
      const [, nonce = ''] = /script-src 'nonce-([^']{20,})'/.exec(policy) ?? [];
      expect(policy.split('; '), path).to.have.members([
        "default-src 'none'",
        `script-src 'nonce-${nonce}'`,
        `style-src 'nonce-${nonce}'`,
        "connect-src 'self'",
        'img-src data:',
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ]);
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('referrer-policy')).to.equal('same-origin');
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(headers.get('content-type')).to.equal('text/html; charset=utf-8');
      const tags = (body as string).match(/<(?:script|style)[^>]*>/g) ?? [];
      expect(tags).to.deep.equal([`<style nonce="${nonce}">`, `<script nonce="${nonce}">`]);
      expect(body).not.to.match(/ on[a-z]+=| style=|javascript:|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
      nonces.add(nonce);
    }
    expect(nonces.size).to.equal(6);
    const { headers } = await post('/Artist/preview', { keys: ['1'] });
    expect(headers.get('content-security-policy')).to.include("default-src 'none'");
  });

  const foreign: [string, Record<string, string>][] = [
    ['another site', { ...OWN, 'sec-fetch-site': 'cross-site' }],
    ['a sibling subdomain', { ...OWN, 'sec-fetch-site': 'same-site', origin: 'http://evil.example.org' }],
    ['an address typed by hand', { ...OWN, 'sec-fetch-site': 'none' }],
    ['another origin, by an old browser', { 'x-guitars-archive': '1', origin: 'http://evil.example.org' }],
    ['a sandboxed frame, by an old browser', { 'x-guitars-archive': '1', origin: 'null' }],
    ['nobody knows where', { 'x-guitars-archive': '1' }],
    ['here, without the header', { 'sec-fetch-site': 'same-origin' }],
  ];
  for (const [whence, headers] of foreign) {
    it(`a change from ${whence} is refused`, async () => {
      for (const [path, body] of [
        ['/Artist/restore', { keys: ['1'] }],
        ['/Artist/purge', { key: '1', rows: 10, confirm: 'purge' }],
        ['/Artist/preview', { keys: ['1'] }],
        ['/Artist/purge/preview', { key: '1' }],
      ] as const) {
        const reply = await post(path, body, headers);
        expect([path, reply.status]).to.deep.equal([path, 403]);
        expect(reply.body.type).to.equal('urn:sequelize-guitars:problem:foreign-origin');
      }
      expect(await archived()).to.equal(1);
    });
  }

  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
    it(`a body of a form, ${type}, is refused`, async () => {
      const headers = { ...OWN, 'content-type': type };
      for (const path of ['/Artist/restore', '/Artist/purge']) {
        const reply = await post(path, '{"keys":["1"],"key":"1","rows":10,"confirm":"purge"}', headers);
        expect(reply.status).to.equal(415);
      }
      expect(await archived()).to.equal(1);
    });
  }

  it('from here by an old browser, it is done', async () => {
    const headers = { 'x-guitars-archive': '1', origin: server.origin() };
    expect((await post('/Artist/preview', { keys: ['1'] }, headers)).status).to.equal(200);
  });

  it('no other verb changes anything, and no preflight is answered', async () => {
    for (const path of ['/Artist/restore', '/Artist/purge', '/Artist/preview', '/Artist/purge/preview']) {
      for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const reply = await server.ask(method, `/archive${path}?keys=1&key=1&rows=10&confirm=purge`, { headers: OWN });
        expect([method, path, reply.status]).to.deep.equal([method, path, 405]);
        expect(reply.headers.get('allow')).to.equal('POST');
        expect(reply.headers.get('access-control-allow-origin')).to.equal(null);
      }
    }
    expect((await server.ask('POST', '/archive/Artist', { headers: OWN, body: {} })).status).to.equal(405);
    expect(await archived()).to.equal(1);
  });

  it('the statements of a page read, and no more', async () => {
    const sent: string[] = [];
    const { options } = db.sequelize as unknown as { options: { logging: unknown } };
    options.logging = (sql: string) => void sent.push(sql);
    for (const path of ['', '/Artist?search=a', '/Artist/rows/1', '/Album/rows/1/history'])
      await server.ask('GET', `/archive${path}`);
    options.logging = false;
    expect(sent.length).to.be.greaterThan(5);
    for (const sql of sent) expect(sql).to.match(/\): (?:SELECT|WITH|START|COMMIT|SET TRANSACTION|SAVEPOINT|RELEASE)/);
  });

  it('a body that is nothing of the kind is refused', async () => {
    for (const [path, body] of [
      ['/Artist/restore', []],
      ['/Artist/restore', {}],
      ['/Artist/restore', { keys: [] }],
      ['/Artist/restore', { keys: [1] }],
      ['/Artist/restore', { keys: ['x'] }],
      ['/Artist/restore', { keys: ['1'], where: {} }],
      ['/Artist/restore', { search: 'a' }],
      ['/Artist/preview', { search: '' }],
      ['/Artist/preview', { search: { $like: 'a' } }],
      ['/Artist/preview', { search: 'a\0b' }],
      ['/Artist/purge', { key: '1', rows: 10 }],
      ['/Artist/purge', { key: '1', rows: 10, confirm: 'Purge' }],
      ['/Artist/purge', { key: '1', confirm: 'purge' }],
      ['/Artist/purge', { key: { id: 1 }, rows: 10, confirm: 'purge' }],
      ['/Artist/restore', '{"keys":'],
    ] as const) {
      expect([
        path,
        body,
        (await post(path, body, { ...OWN, 'content-type': 'application/json' })).status,
      ]).to.deep.equal([path, body, 400]);
    }
    expect(await archived()).to.equal(1);
  });

  it('its links stay on its host, whatever path it is mounted on', async () => {
    const app = express().use('/:tenant', archiveBrowser({ models: [music.Artist], authorize: () => true }));
    const listening = http.createServer(app).listen(0, '127.0.0.1');
    const { port } = (await once(listening, 'listening').then(() => listening.address())) as AddressInfo;
    for (const path of ['/\\evil.example', '/\\/evil.example', '/"><b>']) {
      const [response] = await once(http.get({ host: '127.0.0.1', port, path, agent: false }), 'response');
      const body = await text(response);
      for (const [, href = ''] of body.matchAll(/href="([^"]*)"/g)) expect(href).to.match(/^(?:#|data:|\/(?![\\/]))/);
      expect(body).not.to.include('<b>');
    }
    listening.close();
  });
});
