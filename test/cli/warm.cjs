// A process that has loaded what the command loads, and waits to be told where it is and what the user typed.
// Its argument is the library's folder: of JavaScript, or of the sources.
const fs = require('node:fs');
const path = require('node:path');

const [library] = process.argv.splice(2);
if (!fs.existsSync(path.join(library, 'index.js'))) require('tsx/cjs');
require(library);
require(path.join(library, 'cli/program'));

process.once('message', ({ args, cwd, env }) => {
  process.disconnect();
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv.push(...args);
  require(path.join(library, 'cli/main'));
});
process.send('warm');
