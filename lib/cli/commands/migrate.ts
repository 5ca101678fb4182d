import type { Command } from 'commander';
import type { Direction } from '../../migrations/run/folder';
import { createMigrator, type Migrator } from '../../migrations/run/migrator';
import { type Application, action } from '../application';
import { EXIT } from '../exit';
import { count, note, say, sayJson, sayText, table } from '../output';

interface MigrateFlags {
  to?: string;
  all?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** `guitars migrate up | down | status | redo` */
export function migrate(root: Command): void {
  const group = root.command('migrate').description('run the folder’s migrations, undo them, or see where they stand');
  const to = ['--to <name>', 'up to and including this migration'] as const;
  const json = ['--json', 'answer in JSON'] as const;
  const dryRun = ['--dry-run', 'run nothing; print the SQL'] as const;
  group
    .command('up')
    .description('run what has not run yet')
    .option(...to)
    .option(...dryRun)
    .option(...json)
    .action(action<MigrateFlags>(up));
  group
    .command('down')
    .description('undo the last migration')
    .option('--to <name>', 'undo down to and including this migration')
    .option('--all', 'undo all of them')
    .option(...dryRun)
    .option(...json)
    .action(action<MigrateFlags>(down));
  group
    .command('redo')
    .description('undo the last migration and run it again')
    .option(...json)
    .action(action<MigrateFlags>(redo));
  group
    .command('status')
    .description('say what has run; exit with 1 if something has not')
    .option(...json)
    .action(action<MigrateFlags>(status));
}

const migratorOf = ({ sequelize, settings }: Application) =>
  createMigrator(sequelize, { ...settings, folder: settings.migrations, tell: note });

async function up(application: Application, flags: MigrateFlags): Promise<number> {
  const migrator = migratorOf(application);
  await warn(migrator);
  if (flags.dryRun) return print(migrator, 'up', flags);
  follow(migrator, flags.json);
  const done = await run(migrator, 'up', flags);
  return answer(done, flags.json, 'Nothing to do: every migration has run.', 'ran');
}

async function down(application: Application, flags: MigrateFlags): Promise<number> {
  const migrator = migratorOf(application);
  if (flags.dryRun) return print(migrator, 'down', flags);
  follow(migrator, flags.json);
  const done = await run(migrator, 'down', flags);
  return answer(done, flags.json, 'Nothing to do: no migration has run.', 'undone');
}

async function redo(application: Application, { json }: MigrateFlags): Promise<number> {
  const migrator = migratorOf(application);
  follow(migrator, json);
  const done = await migrator.exclusively(async () => {
    const migrations = (await migrator.umzug.down()).map(({ name }) => name);
    return migrations.length > 0 ? migrator.umzug.up({ migrations }) : [];
  });
  return answer(done, json, 'Nothing to do: no migration has run.', 'ran again');
}

/** What is due is looked up with the lock held: another deployer may have done it meanwhile. */
async function run(migrator: Migrator, direction: Direction, { to, all }: MigrateFlags) {
  return migrator.exclusively(async () => {
    const migrations = await migrator.due(direction, { to, all });
    return migrations.length > 0 ? migrator.umzug[direction]({ migrations }) : [];
  });
}

async function status(application: Application, { json }: MigrateFlags): Promise<number> {
  const migrator = migratorOf(application);
  const rows = await migrator.status();
  if (json) sayJson(rows);
  else if (rows.length === 0) say('There are no migrations.');
  else
    say(
      table(
        ['STATUS', 'MIGRATION'],
        rows.map((row) => [row.status + (row.edited ? ', edited' : ''), row.name]),
      ),
    );
  if (!json) await warn(migrator);
  return rows.some((row) => row.status === 'pending') ? EXIT.found : EXIT.done;
}

/** What has been applied is history: a file that was edited since says something else than the database. */
async function warn(migrator: Migrator): Promise<void> {
  for (const { name, status, edited } of await migrator.status()) {
    if (edited)
      note(`warning: ${name} was edited after it had run. Restore it, and make another migration for the change.`);
    if (status === 'missing') note(`warning: ${name} has run and is not in the folder any more. Restore it.`);
  }
}

function follow({ umzug }: Migrator, json?: boolean): void {
  if (json) return;
  umzug.on('migrating', ({ name }) => note(`up    ${name}`));
  umzug.on('reverting', ({ name }) => note(`down  ${name}`));
}

async function print(migrator: Migrator, direction: Direction, { to, all, json }: MigrateFlags): Promise<number> {
  const due = (await migrator.sqlOf(direction, { to, all })) ?? [];
  if (json) sayJson(due);
  else
    for (const { name, sql } of due) {
      say(`-- ${direction} ${name}`);
      for (const statement of sql ?? ['-- written by hand: its SQL is known when it runs'])
        sayText(`${statement.trim().replace(/;?$/, sql ? ';' : '')}`);
    }
  return EXIT.done;
}

function answer(done: readonly { name: string }[], json: boolean | undefined, nothing: string, verb: string): number {
  if (json) sayJson(done.map(({ name }) => name));
  else say(done.length === 0 ? nothing : `${count(done.length, 'migration')} ${verb}.`);
  return EXIT.done;
}
