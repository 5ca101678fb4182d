import type { Command } from 'commander';
import { previewDelete } from '../../enforcement/preview';
import type { DeletePreview, PreviewRefusal, PreviewRows } from '../../enforcement/preview/types';
import { action } from '../application';
import { EXIT } from '../exit';
import { modelNamed } from '../modelNamed';
import { count, say, sayJson, table } from '../output';
import { primaryKeyOf } from '../primaryKey';

/** `guitars preview delete` */
export function preview(root: Command): void {
  root
    .command('preview')
    .description('say what a statement would do, without doing it')
    .command('delete')
    .description('say what a soft and a hard delete of a row would each take along; nothing is changed')
    .argument('<Model>', 'the name of the model')
    .argument('<pk>', 'the primary key; of several columns: 1,2 or \'{"left": 1, "right": 2}\'')
    .option('--json', 'answer in JSON')
    .action(
      action<{ json?: boolean }>(async ({ sequelize }, { json }, name = '', pk = '') => {
        const model = modelNamed(sequelize, name);
        const found = await previewDelete(model, primaryKeyOf(model, pk));
        if (json) sayJson(found);
        else tell(found);
        return EXIT.done;
      }),
    );
}

function tell({ model, key, archived, soft, hard }: DeletePreview): void {
  const values = Object.entries(key).map(([name, value]) => `${name} ${value}`);
  say(`${model} ${values.join(', ')} is ${soft ? (archived ? 'archived' : 'live') : 'not soft-deletable'}.`);
  if (soft) {
    say();
    if (soft.does === 'nothing') say('A soft delete would do nothing: the row is archived already.');
    else if (soft.does === 'archive') say(`A soft delete would archive ${count(soft.rows, 'row')}:`);
    else say('A soft delete would be refused, for the sake of live children:');
    refused(soft.refusedBy);
    if (soft.does === 'refuse') say(`Without them it would archive ${count(soft.rows, 'row')}:`);
    lines(soft.takes.map((each) => [nameOf(each), count(each.rows, 'row')]));
  }
  say();
  if (hard.does === 'refuse')
    say('A hard delete would be refused, for the sake of rows that refer to what it removes:');
  refused(hard.refusedBy);
  say(
    `${hard.does === 'refuse' ? 'Without them it' : 'A hard delete'} would remove ${count(hard.rows, 'row')} for good:`,
  );
  lines(
    hard.takes.map((each) => [nameOf(each), count(each.rows, 'row'), each.archived ? `${each.archived} archived` : '']),
  );
  if (hard.cuts.length === 0) return;
  say('and cut the links of rows that stay:');
  lines(
    hard.cuts.map((cut) => [nameOf(cut), count(cut.rows, 'row'), `${cut.columns.join(', ')} becomes ${cut.becomes}`]),
  );
}

function refused(by: readonly PreviewRefusal[]): void {
  lines(by.map((each) => [nameOf(each), count(each.rows, 'row'), `${each.constraint} (${each.reason})`]));
}

function lines(rows: readonly string[][]): void {
  const [first, ...rest] = rows;
  if (first) say(table(first, rest).replaceAll(/^/gm, '  '));
}

const nameOf = ({ schema, table: name, model }: PreviewRows) =>
  `${schema}.${name}${model && model !== name ? ` (${model})` : ''}`;
