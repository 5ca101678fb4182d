import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { cells } from '../rest/support/table';
import { ROOT, read } from './pages';

/** The pages, and how many rows each has at least. */
const PAGES = { 'docs/triggers-parity.md': 50, 'docs/history-parity.md': 30, 'docs/rest-parity.md': 40 };

/** The titles of a file's tests, as patterns: `${…}` stands for anything, and a trailing ` (${…})` may be left out. */
function titles(file: string): RegExp[] {
  if (file === 'test/rest/routes.test.ts') return cells().map(titleOfCell);
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const found = [...text.matchAll(/\bit\(\s*(['"`])([\s\S]*?)\1,/g)].map(([, , title]) => String(title));
  return found.map((title) => {
    const parts = title.replace(/ \(\$\{\w+\}\)$/, '').split(/\$\{[^}]+\}/);
    return new RegExp(`^${parts.map(escaped).join('.+')}$`);
  });
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Of a table of routes and states, each cell is a test. */
const titleOfCell = ({ verb, path: route, scene, text }: ReturnType<typeof cells>[number]) =>
  new RegExp(`^${escaped(`${verb} ${route} of what is ${scene}: ${text}`)}$`);

for (const [page, least] of Object.entries(PAGES)) {
  describe(page, () => {
    const rows = read(page)
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| there '));

    it('every row names a test that there is', () => {
      expect(rows.length).to.be.greaterThan(least);
      for (const row of rows) {
        const [, title = '', file = ''] = /\| \[(.+)\]\(\.\.\/(test\/[^)]+)\) \|$/.exec(row) ?? [];
        expect(file, row).to.match(/\.test\.ts$/);
        expect(
          titles(file).some((each) => each.test(title)),
          `${file}: ${title}`,
        ).to.equal(true);
      }
    });
  });
}
