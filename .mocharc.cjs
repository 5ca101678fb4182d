const { availableParallelism } = require('node:os');

// Each process that runs files has an embedded server of its own, so that what is the whole server's (roles, locks,
// snapshots) is its alone. A server of yours is one for all: there one file runs after the other.
const parallel = !process.env.DATABASE_URL;

// Mocha adds the files of the command line to these: whoever names some wants no others.
const named = process.argv.slice(2).some((arg) => /^(\.\/)?test\/|\.test\.ts$/.test(arg));

module.exports = {
  spec: named ? [] : ['test/**/*.test.ts'],
  ignore: ['**/node_modules/**'], // of the programs that test/fire gets
  require: ['tsx/cjs', './test/support/fixtures.ts'],
  timeout: 120000, // for a test that takes ten seconds where it has the machine to itself
  'forbid-only': true,
  'fail-zero': true,
  parallel,
  // Above four the tests that measure would wait for each other; and mocha's own default would be one, on two cores.
  jobs: Math.min(Math.max(availableParallelism(), 2), 4),
};
