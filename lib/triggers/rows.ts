import { DefinitionError } from '../errors';
import type { AnyModel } from '../models/capabilities';
import { isGenerated } from './conditions/changes';
import type { Scope } from './fragment';
import type { Operation } from './operations';
import type { Trigger } from './trigger';

type Rows = Pick<Scope, 'row'>;
type Refuse = (reason: string) => never;

/** The rows of a trigger's condition. Refuses what PostgreSQL would refuse when the trigger is made, in the words of the model. */
export function conditionRows(model: AnyModel, trigger: Trigger, operations: readonly Operation[]): Rows {
  const has = (event: string) => operations.some((each) => each.event === event);
  const refuse = refusing(model, trigger, 'condition');
  return {
    row(side, attribute) {
      if (trigger.level === 'statement')
        refuse('a row, and a statement has none. Use composer(), or { level: "row" }.');
      if (side === 'old' && has('INSERT')) {
        refuse('the old row, which an insert does not have. Make one trigger for inserts and one for the rest.');
      }
      if (side === 'new' && has('DELETE')) {
        refuse('the new row, which a delete does not have. Make one trigger for deletes and one for the rest.');
      }
      refuseGenerated(trigger, side, attribute, refuse);
      return side === 'old' ? 'OLD' : 'NEW';
    },
  };
}

/** The rows of its body, which may ask which operation it is. */
export function bodyRows(model: AnyModel, trigger: Trigger): Rows {
  return {
    row(side, attribute) {
      refuseGenerated(trigger, side, attribute, refusing(model, trigger, 'body'));
      return side === 'old' ? 'OLD' : 'NEW';
    },
  };
}

const refusing =
  (model: AnyModel, trigger: Trigger, part: string): Refuse =>
  (reason) => {
    throw new DefinitionError(`${model.name}: the ${part} of the trigger "${trigger.name}" looks at ${reason}`);
  };

function refuseGenerated(
  trigger: Trigger,
  side: Parameters<Scope['row']>[0],
  { column, type }: Parameters<Scope['row']>[1],
  refuse: Refuse,
): void {
  if (side !== 'new' || trigger.options.when !== 'before' || !isGenerated(type)) return;
  refuse(`"${column}", which is generated after it has fired. Look at what it is made of, or set { when: "after" }.`);
}
