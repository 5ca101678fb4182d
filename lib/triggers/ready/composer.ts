import { DefinitionError } from '../../errors';
import type { AnyModel } from '../../models/capabilities';
import { inside } from '../../models/internals';
import type { Condition } from '../conditions/condition';
import { Fragment, type Scope } from '../fragment';
import type { Operation } from '../operations';
import { Trigger, type TriggerOptions } from '../trigger';
import { allRows, oneRow, sameKeys, within } from './changed';
import { common } from './options';

/** Options of {@link composer}. */
export interface ComposerOptions extends Pick<TriggerOptions, 'body' | 'declare' | 'order' | 'tags' | 'ignorable'> {
  readonly name: string;
  /** One of insert, update and del. */
  readonly operation: Operation;
  /** Once for each row, or once for all rows of a statement. Default: `statement`. */
  readonly level?: 'row' | 'statement';
  /** Changes of which it holds. Default: all. */
  readonly condition?: Condition;
}

/** In the body of {@link composer}: the rows that changed, to be read FROM; `old` and `fresh` are their columns. */
export const changes = new Fragment((scope) => {
  if (scope.changes !== undefined) return scope.changes;
  throw new DefinitionError(`The trigger "${scope.trigger}" reads from its changes, which is for composer().`);
});

/**
 * A trigger after an operation, of which one body serves for each row and for each statement: it reads from
 * {@link changes}. For each statement it costs once what it costs for each row otherwise. Old and new rows of an UPDATE
 * are matched by the primary key then, and a second trigger refuses to have a key changed.
 *
 * @throws DefinitionError more than one operation, TRUNCATE, or a list of columns
 * @example
 * composer({
 *   name: 'log prices', operation: update, condition: anyChange({ fields: ['price'] }),
 *   body: plpgsql`INSERT INTO price_log (id, was, now) SELECT ${old('id')}, ${old('price')}, ${fresh('price')} FROM ${changes};`,
 * })
 */
export function composer(options: ComposerOptions): Trigger[] {
  const about = common('composer', options, ['operation', 'level', 'condition', 'body', 'declare']);
  const { operation, level = 'statement', condition, body, declare } = options;
  const { event, fields } = operation ?? {};
  if (Array.isArray(operation) || event === undefined || event === 'TRUNCATE' || (fields && level === 'statement')) {
    throw new DefinitionError(`composer() takes one operation: insert, update or del. Make one for each.`);
  }
  const rows = (scope: Scope) => (level === 'row' ? oneRow(scope) : allRows(scope, event, condition));
  const shared = {
    ...about,
    ...({ when: 'after', level, operation } as const),
    ...{ body: within(body, rows), declare: within(declare, rows) },
  };
  const recipe = { kind: 'composer', of: about.name };
  if (level === 'row') return [new Trigger({ ...shared, condition }, recipe)];
  const referencing = {
    ...(event === 'INSERT' ? {} : { old: 'guitars_old' }),
    ...(event === 'DELETE' ? {} : { new: 'guitars_new' }),
  };
  const keyed = { ...recipe, check: event === 'UPDATE' ? refuseKeyless : undefined };
  const whole = new Trigger({ ...shared, referencing }, keyed);
  return event === 'UPDATE' ? [sameKeys(about, keyed), whole] : [whole];
}

function refuseKeyless(model: AnyModel): void {
  if (inside(model).primaryKeyAttributes.length > 0) return;
  throw new DefinitionError(
    `${model.name}: composer() matches old and new rows by the primary key, and there is none. Set { level: "row" }.`,
  );
}
