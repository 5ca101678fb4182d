import fs from 'node:fs';
import path from 'node:path';

const PAGE = path.resolve(__dirname, '../../../../docs/other-programs.md');

/** A row of a table of the page: what comes of it under each engine and, of a change of a table, what `audit` finds. */
export type Told = Readonly<Record<'rule' | 'trigger' | 'rule audit' | 'trigger audit', string>>;

/** The heading of the changes of tables; the others are those of the programs. */
export const CHANGED = 'Changes of the tables';

/** The tables of the page, by heading. They are the one place that says what is expected. */
export function page(): ReadonlyMap<string, ReadonlyMap<string, Told>> {
  const sections = fs.readFileSync(PAGE, 'utf8').split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      // The first two rows are the head and the rule below it.
      const rows = [...section.matchAll(/^\| (.+) \|$/gm)]
        .map(([, row = '']) => row.split(/(?<!\\) \| /).map(plain))
        .slice(1);
      return [section.split('\n')[0] ?? '', new Map(rows.map(([title = '', ...cells]) => [title, told(cells)]))];
    }),
  );
}

function told([rule = '', trigger = '', audit = '']: string[]): Told {
  const [, ruleAudit = audit, triggerAudit = audit] = /^rule: (.*); trigger: (.*)$/.exec(audit) ?? [];
  return {
    rule,
    trigger: trigger === 'the same' ? rule : trigger,
    'rule audit': ruleAudit,
    'trigger audit': triggerAudit,
  };
}

/** Without the marks of Markdown: code in one or two back-ticks, and the bar that would end the cell. */
const plain = (cell: string) => cell.replace(/^(`+) ?(.*?) ?\1$/, '$2').replaceAll('\\|', '|');
