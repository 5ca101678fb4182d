import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** `npm run test:fire [part …]`: the long form of the parts of test/fire, one after the other. */
const parts = fs
  .readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && tests(entry.name).length > 0)
  .map((entry) => entry.name)
  .sort();
const asked = process.argv.slice(2);
const unknown = asked.filter((part) => !parts.includes(part));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')} in test/fire. There are: ${parts.join(', ')}.`);
  process.exit(2);
}

let failed = false;
for (const part of asked.length > 0 ? asked : parts) {
  console.log(`\n# ${part}`);
  // One file after the other: what is measured wants the machine to itself.
  const args = [require.resolve('mocha/bin/mocha.js'), '--no-parallel', '--timeout', '0', ...tests(part)];
  const { status } = spawnSync(process.execPath, args, {
    stdio: 'inherit',
    cwd: path.resolve(__dirname, '../..'),
    env: { ...process.env, GUITARS_FIRE: 'long' },
  });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);

function tests(part: string): string[] {
  const files = fs.readdirSync(path.join(__dirname, part), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
    .map((file) => path.join('test/fire', part, file));
}
