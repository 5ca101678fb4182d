import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { ROOT, read } from './pages';

const FOLDER = path.join(ROOT, 'test/models/tracked');

/** The tests of a file, by title: those that are written out, and those of a title that is put together. */
function titles(file: string): RegExp[] {
  const text = fs.readFileSync(path.join(FOLDER, file), 'utf8');
  const found = [...text.matchAll(/\bit\(\s*(?:'((?:[^'\\]|\\.)*)'|`([^`]*)`)/g)];
  return found.map(([, plain, template = '']) => {
    const parts = plain === undefined ? template.split(/\$\{[^}]*\}/) : [plain];
    return new RegExp(`^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`);
  });
}

describe('docs/tracking.md', () => {
  const rows = [...read('docs/tracking.md').matchAll(/^\| (.+?) \| `(\S+\.test\.ts)`: (.+) \|$/gm)];

  it('names a test for each feature and each defect', () => {
    expect(rows.length).to.be.at.least(20);
    for (const [, , file = '', title = ''] of rows)
      expect(
        titles(file).some((each) => each.test(title)),
        `${file}: ${title}`,
      ).to.equal(true);
  });
});
