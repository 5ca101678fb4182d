import { expect } from 'chai';
import express from 'express';
import { softDeleteRouter } from '../../lib/rest';
import { ROUTES } from '../../lib/rest/routes';
import { useShop } from '../orm/shop';
import { useDatabase } from '../support/database';
import { useServer } from './support/client';

const VERBS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

describe('other verbs', () => {
  const database = useDatabase();
  const shop = useShop(database, 'rule');
  const { ask } = useServer(() => express().use('/articles', softDeleteRouter(shop.Article)));

  for (const path of new Set(ROUTES.map((route) => route.path))) {
    const verbs = ROUTES.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
    const allowed = [...verbs, ...(verbs.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];

    for (const verb of VERBS.filter((each) => !allowed.includes(each))) {
      it(`${verb} ${path}: 405`, async () => {
        const reply = await ask(verb, `/articles${path.replace(':pk', '1')}`);
        expect(reply.status).to.equal(405);
        expect(reply.headers.get('allow')?.split(', ')).to.have.members(allowed);
        if (verb !== 'HEAD') expect(reply.body).to.deep.include({ status: 405, title: 'Method Not Allowed' });
      });
    }

    it(`OPTIONS ${path}: 204, and what is allowed`, async () => {
      const reply = await ask('OPTIONS', `/articles${path.replace(':pk', '1')}`);
      expect(reply.status).to.equal(204);
      expect(reply.headers.get('allow')?.split(', ')).to.have.members(allowed);
    });
  }

  it('HEAD answers as GET, without a body', async () => {
    await shop.Article.create({ title: 'a' });
    const reply = await ask('HEAD', '/articles/1');
    expect(reply.status).to.equal(200);
    expect(reply.headers.get('etag')).to.match(/^"\d+\./);
    expect(reply.body).to.equal('');
  });

  it('a path that is none of the router goes on to what the application has', async () => {
    expect((await ask('GET', '/articles/1/nothing')).status).to.equal(404);
    expect((await ask('GET', '/articles/1/nothing')).headers.get('content-type')).to.match(/html/);
  });
});
