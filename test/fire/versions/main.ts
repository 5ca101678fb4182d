import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { keep } from '../support/form';
import { type Outcome, suite } from './suite';
import { TARGETS, target } from './targets';

/**
 * `npm run test:matrix [target …] [-- mocha's arguments]`: the whole suite on each version of PostgreSQL and Node.js,
 * or on those that are named: `postgres-14`, `node-22`, `pglite`, `postgres-15+node-22`. Exits with 1 where any failed.
 */
const args = process.argv.slice(2);
const end = args.indexOf('--');
const asked = end < 0 ? args : args.slice(0, end);
const extra = end < 0 ? [] : args.slice(end + 1);
const names = asked.length > 0 ? asked : TARGETS;
const unknown = names.flatMap((name) => name.split('+')).filter((name) => !TARGETS.includes(name));
if (unknown.length > 0) {
  console.error(`There is no target ${unknown.join(', ')}. There are: ${TARGETS.join(', ')}.`);
  process.exit(2);
}

install();
const outcomes: Outcome[] = [];
for (const name of names) {
  console.log(`\n# ${name}`);
  const outcome = suite(target(name), extra);
  outcomes.push(outcome);
  keep(`matrix-${name}`, { ...outcome });
}
console.log('');
console.table(Object.fromEntries(outcomes.map(({ target: name, ...rest }) => [name, rest])));
process.exit(outcomes.every(({ ok }) => ok) ? 0 : 1);

/** Gets what the lock file of this folder names, where it is not there yet. */
function install(): void {
  if (fs.existsSync(path.join(__dirname, 'node_modules', '.package-lock.json'))) return;
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', __dirname], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The other versions could not be installed: see npm, above.');
}
