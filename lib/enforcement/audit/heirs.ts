import { disinherit, type Relative, relativesOf } from '../heirs';
import { type Finding, failure, type Subject, warning } from './finding';

/** Tables by which a DELETE reaches rows otherwise than by the table that has the rule or the trigger. */
export async function heirs({ sequelize, plan, tables }: Subject): Promise<Finding[]> {
  const relatives = await relativesOf(sequelize, plan, tables);
  return relatives.flatMap((relative) => {
    const said = tell(relative);
    if (!said) return [];
    const remedy = disinherit(relative);
    const say = said.lost ? failure : warning;
    return [say('inheritance', relative.table.name, `${said.text} Run: ${remedy}`, { remedy })];
  });
}

function tell({ table, relation, ref }: Relative): { lost: boolean; text: string } | undefined {
  const [own, other, byRule] = [table.table.name, ref.name, table.options.engine === 'rule'];
  if (relation === 'heir') {
    if (!byRule)
      return { lost: true, text: `a DELETE of ${own} removes the rows of ${other}, which inherits from it.` };
    return { lost: false, text: `${other} inherits from ${own} and is not enforced: a DELETE of it removes its rows.` };
  }
  // The row triggers of a table fire however a statement came to it.
  if (!byRule) return undefined;
  if (relation === 'ancestor')
    return {
      lost: false,
      text: `${own} inherits from ${other}, and a DELETE of that one is refused where it meets rows of ${own}.`,
    };
  return {
    lost: true,
    text: `${own} is a partition of ${other}, and a DELETE of that one goes round the rule: it is refused. Set { guitar: { engine: 'trigger' } }, or take it off.`,
  };
}
