import type { Command } from 'commander';
import { type AdoptedStep, adopt as adoptTables } from '../../adopt';
import { visibleLine } from '../../visible';
import { action } from '../application';
import { EXIT } from '../exit';
import { modelNamed } from '../modelNamed';
import { wholeNumber } from '../numbers';
import { count, note, say, sayJson, sayText } from '../output';
import { progress } from '../progress';

interface AdoptFlags {
  plan?: boolean;
  json?: boolean;
  batch: number;
  rename?: string[] | boolean;
  lockTimeout: number;
}

/** How often a busy table is tried, in turns with everybody else. */
const ATTEMPTS = 60;

/** `guitars adopt` */
export function adopt(root: Command): void {
  root
    .command('adopt <model...>')
    .description('take over tables that hold rows and are in use: columns, times, indexes, enforcement')
    .option('--plan', 'change nothing; print the steps')
    .option('--batch <rows>', 'rows that are filled at a time', wholeNumber('--batch'), 2000)
    .option(
      '--rename <old=new>',
      'a column to rename, also Model.old=new; may be given more than once; by default createdAt, created_at and the like are found',
      (value, before?: string[] | boolean) => [...(Array.isArray(before) ? before : []), value],
    )
    .option('--no-rename', 'rename nothing; add columns beside those that are there')
    .option(
      '--lock-timeout <ms>',
      'how long writers may have to wait behind a change',
      wholeNumber('--lock-timeout'),
      500,
    )
    .option('--json', 'answer in JSON')
    .action(
      action<AdoptFlags>(async ({ sequelize }, flags, ...names) => {
        const steps = await adoptTables(
          sequelize,
          names.map((name) => modelNamed(sequelize, name)),
          {
            plan: flags.plan,
            batch: flags.batch,
            rename: typeof flags.rename === 'boolean' ? (flags.rename ? [] : false) : flags.rename,
            lockTimeout: flags.lockTimeout,
            attempts: ATTEMPTS,
            tell: note,
            bar: progress,
          },
        );
        const due = steps.filter((step) => step.due);
        if (flags.json) sayJson({ planned: Boolean(flags.plan), steps: due.map(({ due, ...step }) => step) });
        else if (due.length === 0)
          say(`Nothing to do: ${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} adopted.`);
        else if (flags.plan) print(due);
        else say(`Adopted ${names.join(', ')} in ${count(due.length, 'step')}. See whether all is well: guitars audit`);
        return EXIT.done;
      }),
    );
}

function print(steps: readonly AdoptedStep[]): void {
  for (const [n, { table, title, sql }] of steps.entries()) {
    // In a comment: the end of a line within a name would end it.
    say(visibleLine(`-- ${n + 1}. ${table ? `${table}: ` : ''}${title}`));
    for (const statement of sql) sayText(statement.startsWith('--') ? statement : `${statement};`);
    say();
  }
}
