import type { Command } from 'commander';
import type { Sequelize } from 'sequelize';
import { ConfigError } from '../../errors';
import { versionedModels } from '../../history/models';
import { historyStats, pruneHistory } from '../../history/retention';
import type { ModelClass } from '../../models/capabilities';
import { type Application, action } from '../application';
import { EXIT } from '../exit';
import { prunedText, statsText } from '../histories';
import { wholeNumber } from '../numbers';
import { note, say, sayJson } from '../output';
import { type Progress, progress } from '../progress';

interface HistoryFlags {
  model?: string[];
  json?: boolean;
}

interface PruneFlags extends HistoryFlags {
  keep?: string;
  limit?: number;
  batch: number;
  dryRun?: boolean;
}

/** `guitars history prune | stats` */
export function history(root: Command): void {
  const group = root.command('history').description('remove what is old from the histories, or see how they grow');
  const collect = (value: string, before: string[] = []) => [...before, value];
  const model = ['--model <name>', 'of this model; may be given more than once', collect] as const;
  const json = ['--json', 'answer in JSON'] as const;
  group
    .command('prune')
    .description('remove old entries, by the options of each model or these')
    .option(...model)
    .option('--keep <interval>', "how long entries stay, as an interval of PostgreSQL: '2 years'")
    .option('--limit <entries>', 'the most entries of a row that stay', wholeNumber('--limit'))
    .option('--batch <entries>', 'entries that a transaction removes', wholeNumber('--batch'), 1000)
    .option('--dry-run', 'remove nothing; print how many entries would go')
    .option(...json)
    .action(action<PruneFlags>(prune));
  group
    .command('stats')
    .description('say what each history holds, how it grows, and what a prune would remove')
    .option(...model)
    .option(...json)
    .action(action<HistoryFlags>(stats));
}

async function prune({ sequelize }: Application, { model, json, ...flags }: PruneFlags): Promise<number> {
  let bar: (Progress & { model: string; done: number }) | undefined;
  const onProgress = (name: string, done: number, total: number) => {
    if (bar?.model !== name) {
      bar?.stop();
      bar = Object.assign(progress(`prune ${name}`, total, 'entries'), { model: name, done: 0 });
    }
    bar.advance(done - bar.done);
    bar.done = done;
  };
  const { keep, limit, batch, dryRun } = flags;
  const options = { keep, limit, batch, dryRun, models: chosen(sequelize, model), onProgress };
  const report = await pruneHistory(sequelize, options).finally(() => bar?.stop());
  if (json) sayJson(report);
  else say(prunedText(report));
  return EXIT.done;
}

async function stats({ sequelize }: Application, { model, json }: HistoryFlags): Promise<number> {
  const found = await historyStats(sequelize, { models: chosen(sequelize, model) });
  if (json) sayJson(found);
  else say(statsText(found, process.stdout.isTTY));
  if (!json && found.some(({ horizon }) => horizon)) note('HORIZON: the last deletion that a prune has removed.');
  return EXIT.done;
}

/** @throws ConfigError there is no such model, or it keeps no history */
function chosen(sequelize: Sequelize, names: readonly string[] | undefined): ModelClass[] | undefined {
  const known = versionedModels(sequelize);
  return names?.map((name) => {
    const found = known.find((model) => model.name === name);
    if (found) return found;
    const why = name in sequelize.models ? `${name} keeps no history` : `There is no model "${name}"`;
    throw new ConfigError(`${why}. Use one of: ${known.map((each) => each.name).join(', ') || '(there are none)'}.`);
  });
}
