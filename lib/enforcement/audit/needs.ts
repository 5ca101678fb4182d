import { tableKey } from '../../sql/identifiers';
import { type ObjectStatus, statusesOf } from '../catalog';
import { needsOf } from '../needs';
import { makeRoom, otherName, tableRemedy } from '../refusals';
import { type Finding, failure, type Subject } from './finding';
import { shell } from './shell';

/** What archiving the rows of these tables writes at others that were not asked for; without it their DELETE fails. */
export async function needs({ sequelize, plan, tables }: Subject): Promise<Finding[]> {
  const statuses = await statusesOf(sequelize, plan.needs);
  return statuses
    .filter(({ status }) => status !== 'installed')
    .map((found) => {
      const { kind, name, table, model } = found.object;
      const needing = tables.find((each) =>
        needsOf(plan.graph, each).some((need) => need.name === name && tableKey(need.table) === tableKey(table)),
      );
      const what = `the ${kind} ${name} of ${table.name}, which a DELETE of its rows needs, is ${found.status}: ${found.reason}`;
      return finding(needing?.name ?? model, what, found);
    });
}

/** A finding that installing mends; of a column of somebody's, which has to make room first. */
export function finding(model: string, what: string, { object, status, content }: ObjectStatus): Finding {
  if (object.kind === 'column' && content === 'drifted') {
    const remedy = makeRoom(object);
    const message = `${what}. Set { guitar: { deletionColumn: '…' } }, or give it another name, then install: ${remedy}`;
    return failure('drifted', model, message, { remedy });
  }
  if (object.kind === 'table' && content === 'drifted') {
    const message = `${what}. ${tableRemedy(object)} Then install.`;
    return failure('drifted', model, message, { remedy: otherName(object) });
  }
  const remedy = `guitars install --model ${shell(model)}`;
  return failure(status as Finding['kind'], model, `${what}. Run install(sequelize) or your migrations.`, { remedy });
}
