import type { Command } from 'commander';
import { audit as auditDatabase, type Finding } from '../../enforcement/audit';
import { chosenModels } from '../../enforcement/objects/select';
import { action } from '../application';
import { EXIT } from '../exit';
import { count, note, say, sayJson } from '../output';

interface AuditFlags {
  model?: string[];
  rows: boolean;
  rebuild: boolean;
  strict?: boolean;
  json?: boolean;
}

/** `guitars audit` */
export function audit(root: Command): void {
  root
    .command('audit')
    .description('compare the live database with what the models call for; exit with 1 if something is found')
    .option('--model <name>', 'look at this model; may be given more than once', (value, before: string[] = []) => [
      ...before,
      value,
    ])
    .option('--no-rows', 'look at the catalog only, not for rows that break a promise')
    .option('--no-rebuild', 'trust the comments of objects; make no temporary tables')
    .option('--strict', 'exit with 1 for a warning, too')
    .option('--json', 'answer in JSON')
    .action(
      action<AuditFlags>(async ({ sequelize }, { model, rows, rebuild, strict, json }) => {
        const models = chosenModels(sequelize, { models: model });
        const report = await auditDatabase(sequelize, { models, rows, rebuild });
        const { ok, findings, warnings } = report;
        if (json) sayJson(report);
        else {
          // Standard output has what was found; what is merely worth knowing goes beside it.
          for (const finding of findings) tell(finding, say);
          for (const finding of warnings) tell(finding, (lines) => note(`warning: ${lines}`));
          say(
            ok ? 'Nothing found: the database enforces what the models say.' : `${count(findings.length, 'finding')}.`,
          );
        }
        return ok && !(strict && warnings.length > 0) ? EXIT.done : EXIT.found;
      }),
    );
}

/** A line for the finding, one for the query that shows it, one for what mends it. */
function tell({ kind, model, message, query, remedy }: Finding, write: (line: string) => void): void {
  const text = remedy && message.endsWith(remedy) ? message.slice(0, -remedy.length).trimEnd() : message;
  const lines = [
    `${kind}  ${model}: ${text}`,
    ...(query ? [`  see:  ${query}`] : []),
    ...(remedy ? [`  mend: ${remedy}`] : []),
  ];
  write(lines.join('\n'));
}
