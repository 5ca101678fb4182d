import type { Command } from 'commander';
import { type PurgeReport, purge as purgeArchives } from '../../purge';
import { action } from '../application';
import { EXIT } from '../exit';
import { modelNamed } from '../modelNamed';
import { wholeNumber } from '../numbers';
import { count, say, sayJson, table } from '../output';
import { type Progress, progress } from '../progress';

interface PurgeFlags {
  archivedBefore: string;
  batch: number;
  rate?: number;
  dryRun?: boolean;
  json?: boolean;
}

/** `guitars purge` */
export function purge(root: Command): void {
  root
    .command('purge <model>')
    .description('remove rows for good that were archived long ago, and what the keys remove with them')
    .requiredOption('--archived-before <time>', 'how long ago, as 90d, 12h, 30m or 2w; or a date, as 2025-01-31')
    .option('--batch <rows>', 'rows that a transaction removes', wholeNumber('--batch'), 1000)
    .option('--rate <rows>', 'rows a second, at most', wholeNumber('--rate'))
    .option('--dry-run', 'remove nothing; print how many rows of which table would go')
    .option('--json', 'answer in JSON')
    .action(
      action<PurgeFlags>(async ({ sequelize }, { json, ...flags }, name) => {
        let bar: (Progress & { done: number }) | undefined;
        const onProgress = (done: number, total: number) => {
          bar ??= Object.assign(progress(`purge ${name}`, total), { done: 0 });
          bar.advance(done - bar.done);
          bar.done = done;
        };
        const { archivedBefore, batch, rate, dryRun } = flags;
        const options = { archivedBefore, batch, rate, dryRun, onProgress };
        const report = await purgeArchives(sequelize, modelNamed(sequelize, name ?? ''), options).finally(() =>
          bar?.stop(),
        );
        if (json) sayJson(report);
        else tell(report);
        return EXIT.done;
      }),
    );
}

function tell({ tables, left, because, dryRun, cutoff, model }: PurgeReport): void {
  const found = tables.filter(({ rows }, n) => n === 0 || rows > 0);
  say(`${model}, archived before ${cutoff}:`);
  say(
    table(
      ['TABLE', dryRun ? 'WOULD GO' : 'GONE'],
      found.map((each) => [`${each.schema}.${each.table}`, String(each.rows)]),
    ),
  );
  if (left === 0) return;
  say(`${count(left, 'row')} of it ${dryRun ? 'would stay' : 'stayed'}:`);
  for (const { rows, reason } of because) say(`  ${rows}: ${reason}`);
  const explained = because.reduce((sum, { rows }) => sum + rows, 0);
  if (explained < left) say(`  ${left - explained}: held by other transactions; run it again`);
}
