import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { NAMES } from '../../lib/rest/check';
import { HISTORY_ROUTES } from '../../lib/rest/history/routes';
import { OPERATORS } from '../../lib/rest/query/operators';
import { ROUTES, type Route } from '../../lib/rest/routes';
import { ROOT, read } from './pages';

const GUIDE = read('docs/rest.md');

/** Routes as a page's table has them: `GET /:pk`, without parameters, and the action. */
const told = (page: string) =>
  [...page.matchAll(/^\| `([A-Z]+ \/[^`?]*)[^|]*\| `(\w+)`/gm)].map(([, route, action]) => `${route} ${action}`);
const there = (routes: readonly Route[]) =>
  routes.map(({ method, path: place, name }) => `${method.toUpperCase()} ${place} ${name}`);

/** The text of a folder's files. */
const sources = (folder: string) =>
  fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(`${folder}/${file}`))
    .join('\n');

describe('the guide to the REST routes', () => {
  it('has every route', () => {
    expect(told(GUIDE)).to.have.members(there(ROUTES));
    expect(told(read('docs/rest-history.md'))).to.have.members(there(HISTORY_ROUTES));
  });

  it('has every option and every operator', () => {
    const options = GUIDE.slice(GUIDE.indexOf('## Options'), GUIDE.indexOf('## Limits'));
    const rows = [...options.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell = '']) => cell.match(/(?<=`)\w+/g) ?? []);
    expect(rows.filter((name) => name in NAMES)).to.have.members(Object.keys(NAMES));
    const names = GUIDE.match(/(?<=`)\w+(?=`)/g) ?? [];
    expect(names).to.include.members(Object.keys(OPERATORS));
  });

  it('problems: has every code, and no other', () => {
    const codes = [...sources('lib/rest').matchAll(/\b(?:code: |options\()'([a-z-]+)'/g)].map(([, code]) => code);
    const rows = [...read('docs/rest-problems.md').matchAll(/^\| [\d, ]+ \| (`.+?) \|/gm)];
    const documented = rows.flatMap(([, cell = '']) => cell.match(/[a-z-]+/g) ?? []);
    expect(codes).to.include.members(['malformed', 'guarded', 'too-many-rows']);
    expect([...new Set(documented)]).to.have.members([...new Set(codes)]);
  });
});
