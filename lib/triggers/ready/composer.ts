import { DefinitionError } from '../../errors';
import type { AnyModel } from '../../models/capabilities';
import { columnOf, inside } from '../../models/internals';
import { ident } from '../../sql/identifiers';
import type { Condition } from '../conditions/condition';
import { Fragment, type Scope } from '../fragment';
import type { Operation } from '../operations';
import { Trigger, type TriggerOptions } from '../trigger';
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
 * {@link changes}. For each statement it costs once what it costs for each row otherwise.
 *
 * @throws DefinitionError more than one operation, TRUNCATE, or a list of columns
 * @example
 * composer({
 *   name: 'log prices', operation: update, condition: anyChange({ fields: ['price'] }),
 *   body: plpgsql`INSERT INTO price_log (id, was, now) SELECT ${old('id')}, ${old('price')}, ${fresh('price')} FROM ${changes};`,
 * })
 */
export function composer(options: ComposerOptions): Trigger {
  const about = common('composer', options, ['operation', 'level', 'condition', 'body', 'declare']);
  const { operation, level = 'statement', condition, body, declare } = options;
  const { event, fields } = operation ?? {};
  if (Array.isArray(operation) || event === undefined || event === 'TRUNCATE' || (fields && level === 'statement')) {
    throw new DefinitionError(`composer() takes one operation: insert, update or del. Make one for each.`);
  }
  const shared = { ...about, when: 'after', operation, body, declare } as const;
  if (level === 'row') {
    const rows = (): Pick<Scope, 'row' | 'changes'> => ({
      row: (side) => (side === 'old' ? 'OLD' : 'NEW'),
      changes: '(SELECT) AS changes',
    });
    return new Trigger({ ...shared, condition }, { kind: 'composer', rows });
  }
  const referencing = {
    ...(event === 'INSERT' ? {} : { old: 'guitars_old' }),
    ...(event === 'DELETE' ? {} : { new: 'guitars_new' }),
  };
  const rows = (model: AnyModel): Pick<Scope, 'row' | 'changes'> => ({
    row: sideOf(event),
    changes: relation(model, event, about.name, condition),
  });
  const check = (model: AnyModel) => {
    if (event === 'UPDATE' && inside(model).primaryKeyAttributes.length === 0) {
      throw new DefinitionError(
        `${model.name}: composer() matches old and new rows by the primary key, and there is none. Set { level: "row" }.`,
      );
    }
  };
  return new Trigger({ ...shared, level: 'statement', referencing }, { kind: 'composer', rows, check });
}

function sideOf(event: string): Scope['row'] {
  return (side) => {
    if (side === 'old' && event === 'INSERT') throw new DefinitionError('composer(): an insert has no old row.');
    if (side === 'new' && event === 'DELETE') throw new DefinitionError('composer(): a delete has no new row.');
    return side === 'old' ? 'guitars_old' : 'guitars_new';
  };
}

function relation(model: AnyModel, event: string, trigger: string, condition?: Condition): string {
  const scope: Scope = { model, trigger, row: sideOf(event), table: () => '' };
  const holds = condition ? condition.render(scope) : 'true';
  if (event !== 'UPDATE') {
    const only = event === 'INSERT' ? 'guitars_new' : 'guitars_old';
    return `(SELECT * FROM ${only} WHERE ${holds}) AS ${only}`;
  }
  const key = inside(model).primaryKeyAttributes.map((name) => ident(columnOf(model, name)));
  const matched = key.map((name) => `guitars_old.${name} = guitars_new.${name}`).join(' AND ');
  return `guitars_old JOIN guitars_new ON ${matched} AND ${holds}`;
}
