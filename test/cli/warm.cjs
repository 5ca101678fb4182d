// A process that has loaded what the command loads, and waits to be told where it is and what the user typed.
require('tsx/cjs');
require('../../lib');
require('../../lib/cli/program');

process.once('message', ({ args, cwd, env }) => {
  process.disconnect();
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv.push(...args);
  require('../../lib/cli/main.ts');
});
process.send('warm');
