import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { ROOT, read } from './pages';

/** The pages, and how many rows each has at least. */
const PAGES = { 'docs/triggers-parity.md': 50, 'docs/history-parity.md': 30 };

/** The titles of a file's tests, as patterns: `${…}` stands for anything, and a trailing ` (${…})` may be left out. */
function titles(file: string): RegExp[] {
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const found = [...text.matchAll(/\bit\(\s*(['"`])([\s\S]*?)\1,/g)].map(([, , title]) => String(title));
  return found.map((title) => {
    const parts = title.replace(/ \(\$\{\w+\}\)$/, '').split(/\$\{\w+\}/);
    return new RegExp(`^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`);
  });
}

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
