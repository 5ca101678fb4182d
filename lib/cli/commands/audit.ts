import type { Command } from 'commander';
import { audit as auditDatabase } from '../../enforcement/audit';
import { action } from '../application';
import { EXIT } from '../exit';
import { count, say, sayJson } from '../output';

/** `guitars audit` */
export function audit(root: Command): void {
  root
    .command('audit')
    .description('compare the live database with what the models call for; exit with 1 if something is found')
    .option('--json', 'answer in JSON')
    .action(
      action<{ json?: boolean }>(async ({ sequelize }, { json }) => {
        const report = await auditDatabase(sequelize);
        if (json) sayJson(report);
        else if (report.ok) say('Nothing found: the database enforces what the models say.');
        else {
          for (const { kind, model, message } of report.findings) say(`${kind}  ${model}: ${message}`);
          say(`${count(report.findings.length, 'finding')}.`);
        }
        return report.ok ? EXIT.done : EXIT.found;
      }),
    );
}
