import { DefinitionError } from '../../errors';
import { qualified } from '../../sql/identifiers';
import { triggerName } from '../names';
import { type InTransaction, inTransaction } from './ignore';
import { schemasOf } from './schemas';
import { selected } from './select';
import type { TriggerSelection } from './selection';

/**
 * Puts the meant constraint triggers off to the end of the transaction, or fires those that were put off at once, and
 * from then on each after its statement.
 *
 * @throws DefinitionError one of them has no timing; there is no transaction
 * @example await setConstraints('deferred', 'balanced', { transaction });
 */
export async function setConstraints(
  timing: 'deferred' | 'immediate',
  selection: TriggerSelection,
  options: InTransaction,
): Promise<void> {
  const { sequelize, transaction } = inTransaction('setConstraints', options);
  if (timing !== 'deferred' && timing !== 'immediate') {
    throw new DefinitionError(`setConstraints() takes 'deferred' or 'immediate', not "${String(timing)}".`);
  }
  const meant = selected(sequelize, selection);
  const firm = meant.find(({ trigger }) => trigger.options.timing === undefined);
  if (firm) {
    throw new DefinitionError(
      `The trigger "${firm.trigger.name}" of ${firm.model.name} cannot be put off. Declare it with { timing: 'immediate' } or 'deferred'.`,
    );
  }
  const tables = await schemasOf(
    sequelize,
    meant.map(({ model }) => model),
    { transaction },
  );
  const names = meant.map(({ trigger }, n) => {
    const table = tables[n] as (typeof tables)[number];
    return qualified({ schema: table.schema, name: triggerName(table, trigger, 'changes') });
  });
  await sequelize.query(`SET CONSTRAINTS ${names.join(', ')} ${timing.toUpperCase()}`, { transaction });
}
