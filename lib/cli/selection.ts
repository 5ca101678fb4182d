import type { Command } from 'commander';
import type { Selection } from '../enforcement/objects/select';

/** Flags of the commands that work on enforced objects. */
export interface SelectionFlags {
  model?: string[];
  name?: string[];
  kind?: string[];
  json?: boolean;
}

/** Adds `--model`, `--name` and `--kind`, each to be given as often as one likes, and `--json`. */
export function selectable(command: Command, json = 'answer in JSON'): Command {
  const collect = (value: string, before: string[] = []) => [...before, value];
  return command
    .option('--model <name>', 'of this model; may be given more than once', collect)
    .option('--name <name>', 'of this name, * for anything; may be given more than once', collect)
    .option('--kind <kind>', 'column, sequence, function, trigger, rule or index; likewise', collect)
    .option('--json', json);
}

/** What the flags select. */
export const selectionOf = ({ model, name, kind }: SelectionFlags): Selection => ({
  models: model,
  names: name,
  kinds: kind,
});
