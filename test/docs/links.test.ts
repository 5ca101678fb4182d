import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { pages, ROOT, read } from './pages';

const prose = (page: string) => read(page).replaceAll(/^```[\s\S]*?^```$|<!--[\s\S]*?-->/gm, '');

/** The anchors that the headings of a page have, as GitHub makes them. */
function anchors(page: string): string[] {
  const headings = [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => String(heading).toLowerCase());
  return headings.map((heading) => heading.replaceAll(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-'));
}

function check(page: string, link: string): void {
  const [file, anchor] = link.split('#');
  const target = file ? path.posix.join(path.posix.dirname(page), file) : page;
  expect(fs.existsSync(path.join(ROOT, target)), `${page} → ${link}`).to.equal(true);
  if (anchor) expect(anchors(target), `${page} → ${link}`).to.include(anchor);
}

describe('the documentation', () => {
  for (const page of pages()) {
    it(`${page}: every relative link resolves`, () => {
      const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => String(link));
      for (const link of links.filter((each) => !/^https?:/.test(each))) check(page, link);
    });
  }

  it('every page is in the index', () => {
    const below = pages().filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    for (const page of below) expect(read('docs/README.md')).to.include(`(${path.posix.relative('docs', page)})`);
  });

  it('every public name is mentioned', () => {
    const sources = [
      'lib/index.ts',
      'lib/rest/index.ts',
      'lib/triggers/index.ts',
      'lib/history/index.ts',
      'lib/history/handles/index.ts',
      'lib/history/since/index.ts',
    ]
      .map(read)
      .join('\n');
    const lists = [...sources.matchAll(/^export (?:type )?\{([^}]+)\}/gm)].map(([, list]) => String(list));
    const names = lists.flatMap((list) => list.match(/\b(?!type\b)\w+/g) ?? []);
    expect(names).to.include.members(['Guitar', 'softDeleteRouter', 'AuditReport', 'TriggerSelection']);
    const manuals = pages().filter((page) => !/CHANGELOG|^docs\/adr/.test(page));
    const text = manuals.map(read).join('\n');
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).to.deep.equal([]);
  });
});
