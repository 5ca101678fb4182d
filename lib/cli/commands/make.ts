import path from 'node:path';
import type { Command } from 'commander';
import { makeMigration, writeMigration } from '../../migrations/make';
import type { MigrationFormat } from '../../migrations/make/formats';
import { told } from '../../migrations/make/step';
import { action } from '../application';
import { EXIT } from '../exit';
import { count, say, sayJson, sayText } from '../output';

interface MakeFlags {
  name?: string;
  format?: MigrationFormat;
  check?: boolean;
  dryRun?: boolean;
  adopt?: boolean;
  json?: boolean;
}

/** `guitars make` */
export function make(root: Command): void {
  root
    .command('make')
    .description('write the migration from what the folder records to what the models call for')
    .option('--name <name>', 'the last part of the file’s name', 'enforcement')
    .option('--format <format>', 'ts, cjs, esm or sql; by default as configured')
    .option('--check', 'write nothing; exit with 1 and a list if a migration is missing')
    .option('--dry-run', 'write nothing; print the migration')
    .option('--adopt', 'objects may exist already in the database')
    .option('--json', 'say what was done as JSON')
    .action(
      action<MakeFlags>(async ({ sequelize, settings }, flags) => {
        const { name, format = settings.format, adopt } = flags;
        const made = makeMigration(sequelize, {
          folder: settings.migrations,
          schema: settings.schema,
          format,
          name,
          adopt,
        });
        const files = made.files.map((file) => path.relative(process.cwd(), file.path));
        const writes = !flags.check && !flags.dryRun;
        if (writes) writeMigration(made);
        if (flags.json) {
          sayJson({ written: writes, files, steps: made.steps.map(({ up, down, drop, ...about }) => about) });
        } else if (made.steps.length === 0) {
          say('Nothing to do: the migrations record what the models call for.');
        } else if (flags.dryRun) {
          for (const { text } of made.files) sayText(text);
        } else {
          for (const step of made.steps) say(`  ${told(step)}`);
          say(
            writes ? `Wrote ${files.join(' and ')}.` : `${count(made.steps.length, 'step')} missing. Run: guitars make`,
          );
        }
        return flags.check && made.steps.length > 0 ? EXIT.found : EXIT.done;
      }),
    );
}
