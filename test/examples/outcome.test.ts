import { expect } from 'chai';
import { countriesOf, UsageError } from '../../examples/demo/arguments';
import { type Check, exitCode, mismatches, outcomeTable } from '../../examples/demo/outcome';

const right: Check = { tables: 'guitar', what: 'archived', expected: 3, got: 3 };

describe('the outcome of the demo', () => {
  for (const [title, wrong] of Object.entries({
    'another number': { ...right, got: 2 },
    'nothing where something was expected': { ...right, got: undefined },
    'the same in another type': { ...right, got: '3' },
  })) {
    it(`is 1 for ${title}, which the table shows`, () => {
      expect(exitCode([right, wrong, right])).to.equal(1);
      expect(mismatches([right, wrong])).to.deep.equal([wrong]);
      const lines = outcomeTable([right, wrong]).split('\n');
      expect(lines.map((line) => line.split(' | ').at(-1))).to.deep.equal([
        ...[lines[0]?.split(' | ').at(-1), lines[1], 'ok', 'MISMATCH', ''],
        '2 checks, 1 MISMATCHED.',
      ]);
    });
  }

  it('is 0 when all came as expected', () => {
    expect(exitCode([right, right])).to.equal(0);
    expect(outcomeTable([right])).to.match(/archived \| 3 +\| 3 +\| ok\n\n1 checks, all as expected\.$/);
  });

  it('is 1 when nothing was checked', () => expect(exitCode([])).to.equal(1));
});

describe('the arguments of the demo', () => {
  it('mean all countries, or some', () => {
    expect(countriesOf([])).to.equal(Number.POSITIVE_INFINITY);
    expect(countriesOf(['--countries', '12'])).to.equal(12);
  });

  for (const args of [['--countries', '2'], ['--countries', 'many'], ['--countries'], ['--country', '4'], ['4']]) {
    it(`refuse ${args.join(' ')}`, () => expect(() => countriesOf(args)).to.throw(UsageError));
  }
});
