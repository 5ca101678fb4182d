import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { LONG } from '../support/form';
import { suite } from './suite';
import { TARGETS, target } from './targets';

/** What every version has to do in `npm test`; `npm run test:matrix` runs all. */
const ESSENCE = ['d-deletes', 't-times', 'r1-restore', 'f2-graphs', 'u1-unique'].map(
  (name) => `test/contract/${name}.test.ts`,
);
const INSTALLED = fs.existsSync(path.join(__dirname, 'node_modules'));

describe('the contract on other versions', () => {
  for (const name of TARGETS.filter((each) => /^(postgres-1[4-7]|pglite)$/.test(each))) {
    it(`holds on ${name}${INSTALLED ? '' : ' (to get it: npm ci --prefix test/fire/versions)'}`, function () {
      if (!INSTALLED || LONG) return this.skip(); // the long form is npm run test:matrix
      this.timeout(600_000); // a suite within the suite, on a machine that may be at others too
      const { files, ...rest } = target(name);
      const { ok, passed } = suite({ ...rest, files: ESSENCE }, ['--no-parallel']);
      expect(ok, 'see above').to.equal(true);
      expect(passed).to.be.greaterThan(50);
    });
  }
});
