import { expect } from 'chai';
import { PROGRAMS } from './calls';
import { CHANGES } from './changes/list';
import { CHANGED, page } from './support/page';

describe('docs/other-programs.md', () => {
  const told = page();
  const titles = (heading: string) => [...(told.get(heading)?.keys() ?? [])];

  it('has the programs, and no others', () => {
    expect([...told.keys()]).to.deep.equal([...PROGRAMS.map(({ heading }) => heading), CHANGED]);
  });

  for (const { heading, calls } of PROGRAMS) {
    it(`${heading}: has a row for each call, and no others`, () => {
      expect(titles(heading)).to.deep.equal(calls.map(({ title }) => title));
    });
  }

  it(`${CHANGED}: has a row for each, and no others`, () => {
    expect(titles(CHANGED)).to.deep.equal(CHANGES.map(({ title }) => title));
  });

  it('says why where rows of ours are removed', () => {
    const removing = PROGRAMS.flatMap(({ heading, calls }) => calls.map((call) => ({ heading, ...call })));
    for (const { heading, title, removes } of removing) {
      const row = told.get(heading)?.get(title);
      const rows = /removes [^;]*\b(author|book|contract|fan)/;
      if (!removes) expect(`${row?.rule} ${row?.trigger}`, title).not.to.match(rows);
      else expect(title).to.match(/hard_delete = on|room/);
    }
  });
});
