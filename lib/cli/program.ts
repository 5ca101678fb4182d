import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { commands } from './commands';
import { EXIT } from './exit';

/** The command line, as `guitars --help` shows it. */
export function program(): Command {
  const root = new Command('guitars')
    .description('Writes, runs and checks what PostgreSQL enforces for the models of a Sequelize application.')
    .version(version())
    .option('-c, --config <file>', 'the configuration; by default guitars.config.* found upwards from here')
    .option('--migrations <folder>', 'the folder of the migrations; by default as configured, or "migrations"')
    .option('--schema <name>', 'the schema of models that name none; by default as configured, or "public"')
    .showHelpAfterError('(guitars --help shows what there is)')
    .addHelpText(
      'after',
      `
Exit status: 0 done, or nothing to do; 1 looked and found something; 2 could not do it.
DATABASE_URL and the like are read by your own modules; guitars opens no connection but theirs.`,
    );
  root.exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.done : EXIT.failed));
  for (const add of commands) add(root);
  for (const command of root.commands) command.copyInheritedSettings(root);
  return root;
}

function version(): string {
  // From lib/cli in the sources, from dist/lib/cli in the package.
  for (const up of ['../..', '../../..']) {
    try {
      const { name, version } = JSON.parse(readFileSync(path.join(__dirname, up, 'package.json'), 'utf8'));
      if (name === 'sequelize-guitars') return version;
    } catch {}
  }
  return 'unknown';
}
