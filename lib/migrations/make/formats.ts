import { BEGIN, END, SQL_STEP, WRITTEN } from './files';
import { type Step, told } from './step';

/** In what a migration is written. `sql` is a pair of files, `NAME.up.sql` and `NAME.down.sql`. */
export const FORMATS = ['ts', 'cjs', 'esm', 'sql'] as const;
export type MigrationFormat = (typeof FORMATS)[number];

/** A file to be written: what its name ends with, and its text. */
export interface Rendered {
  readonly extension: string;
  readonly text: string;
}

const HEAD = `Enforcement of sequelize-guitars, ${WRITTEN}.`;
const RULE = 'Do not edit it once it has been applied: change the models and make another.';

/** A migration in one of the formats; `module` says that the package is an ES module. */
export function render(steps: readonly Step[], format: MigrationFormat, module: boolean): Rendered[] {
  if (format === 'sql') return [sql(steps, 'up'), sql([...steps].reverse(), 'down')];
  const extension = { ts: '.ts', cjs: module ? '.cjs' : '.js', esm: module ? '.js' : '.mjs' }[format];
  return [{ extension, text: script(steps, format) }];
}

function script(steps: readonly Step[], format: Exclude<MigrationFormat, 'sql'>): string {
  const typed = format === 'ts';
  const exported = format === 'cjs' ? 'module.exports = { up, down };' : 'export { down, up };';
  return `${format === 'cjs' ? "'use strict';\n\n" : ''}${typed ? "import type { MigrationArgument } from 'sequelize-guitars';\n\n" : ''}// ${HEAD}
// ${RULE}

${BEGIN}
${steps.map(literal).join('\n')}
${END}

const up = (argument${typed ? ': MigrationArgument' : ''}) => run(argument, steps.flatMap((step) => step.up));
const down = (argument${typed ? ': MigrationArgument' : ''}) => run(argument, [...steps].reverse().flatMap((step) => step.down));

// Umzug gives { context }, which holds sequelize and may hold a transaction; sequelize-cli gives the query interface.
async function run(argument${typed ? ': MigrationArgument' : ''}, statements${typed ? ': string[]' : ''}) {
  const { sequelize, transaction: given } = ${typed ? "(argument.context ?? argument) as Required<MigrationArgument>['context']" : 'argument.context ?? argument'};
  const all = async (transaction${typed ? ': typeof given' : ''}) => {
    for (const sql of statements) await sequelize.query(sql, { transaction });
  };
  await (given ? all(given) : sequelize.transaction(all));
}

${exported}
`;
}

function literal(step: Step): string {
  const { up, down, drop, ...about } = step;
  const list = (name: string, statements: readonly string[]) =>
    `    ${name}: [${statements.map((statement) => `\n${template(statement)},`).join('')}\n    ],\n`;
  const fields = Object.entries(about).map(([name, value]) => `    ${name}: ${JSON.stringify(value)},\n`);
  const drops = drop ? list('drop', drop) : '';
  return `  // ${told(step).replaceAll(/\s+/g, ' ')}\n  {\n${fields.join('')}${list('up', up)}${list('down', down)}${drops}  },`;
}

/** SQL as a template literal without substitutions; what JavaScript would read in it is escaped. */
function template(text: string): string {
  const escaped = text.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&').replaceAll('\r', '\\r');
  // The steps end at the first such line.
  return `\`${escaped.replaceAll('// end of steps', '\\// end of steps')}\``;
}

function sql(steps: readonly Step[], direction: 'up' | 'down'): Rendered {
  const blocks = steps.map(({ up, down, ...about }) => {
    const statements = { up, down }[direction].map((statement) => `${statement.trim()};`);
    const lines = statements.map((statement) => statement.split('\n').length);
    return `${SQL_STEP}${JSON.stringify({ ...about, lines })}\n${statements.join('\n')}\n`;
  });
  const text = `-- ${HEAD}\n-- ${RULE}\n\n${blocks.join('\n')}`;
  return { extension: `.${direction}.sql`, text };
}
