import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { ConfigError } from '../../errors';
import { describeGraph, type GraphDescription } from '../../graph/describe';
import { html } from '../../graph/html';
import { mermaid } from '../../graph/mermaid';
import { svg } from '../../graph/svg';
import { action } from '../application';
import { EXIT } from '../exit';
import { note } from '../output';
import { answer } from '../streams';

const FORMATS: Record<string, (graph: GraphDescription) => string> = {
  mermaid,
  svg,
  html,
  json: (graph) => `${JSON.stringify(graph, null, 2)}\n`,
};

interface GraphFlags {
  format: string;
  out?: string;
  json?: boolean;
}

/** `guitars graph` */
export function graph(root: Command): void {
  root
    .command('graph')
    .description('draw the models, what each delete does along their keys, and what is enforced')
    .option('--format <format>', Object.keys(FORMATS).join(', '), 'mermaid')
    .option('--out <file>', 'write to a file')
    .option('--json', 'the same as --format json')
    .action(
      action<GraphFlags>(async ({ sequelize, settings }, { format, out, json }) => {
        const draw = FORMATS[json ? 'json' : format];
        if (!draw)
          throw new ConfigError(`There is no format "${format}". Use one of: ${Object.keys(FORMATS).join(', ')}.`);
        const text = draw(describeGraph(sequelize, settings.schema));
        if (out === undefined) answer(text);
        else {
          writeFileSync(out, text);
          note(`Wrote ${out}.`);
        }
        return EXIT.done;
      }),
    );
}
