import { DefinitionError } from '../../errors';
import { columnOf, inside } from '../../models/internals';
import { ident, literal } from '../../sql/identifiers';
import { same } from '../conditions/compare';
import { Condition } from '../conditions/condition';
import { Fragment, fresh, old, type Scope } from '../fragment';
import { update } from '../operations';
import { type Recipe, Trigger } from '../trigger';
import { type Common, LAST } from './options';

/** A piece in a scope of its own. What is no piece stays, to be refused. */
export const within = <Piece extends Fragment | undefined>(piece: Piece, change: (scope: Scope) => Scope) =>
  (piece instanceof Fragment ? new Fragment((scope) => piece.render(change(scope))) : piece) as Piece;

/** For each row: the changes are one. */
export const oneRow = (scope: Scope): Scope => ({ ...scope, changes: '(SELECT) AS changes' });

/** For each statement: rows are those of the transition tables. */
export function allRows(scope: Scope, event: string, condition?: Condition): Scope {
  const row: Scope['row'] = (side) => {
    if (side === 'old' && event === 'INSERT') throw new DefinitionError('composer(): an insert has no old row.');
    if (side === 'new' && event === 'DELETE') throw new DefinitionError('composer(): a delete has no new row.');
    return side === 'old' ? 'guitars_old' : 'guitars_new';
  };
  const holds = condition?.render({ ...scope, row }) ?? 'true';
  return { ...scope, row, changes: relation(scope, event, holds) };
}

function relation({ model }: Scope, event: string, holds: string): string {
  if (event !== 'UPDATE') {
    const only = event === 'INSERT' ? 'guitars_new' : 'guitars_old';
    return `(SELECT * FROM ${only} WHERE ${holds}) AS ${only}`;
  }
  const key = inside(model).primaryKeyAttributes.map((name) => ident(columnOf(model, name)));
  const matched = key.map((name) => `guitars_old.${name} = guitars_new.${name}`).join(' AND ');
  return `guitars_old JOIN guitars_new ON ${matched} AND ${holds}`;
}

/**
 * Refuses an UPDATE that changes a key: old and new rows could not be matched, or, where keys are shifted, wrongly.
 * Before, not after: PostgreSQL fires no AFTER UPDATE for a row that goes to another partition.
 */
export function sameKeys(about: Common & { name: string }, recipe: Recipe): Trigger {
  const condition = new Condition((scope) => {
    const parts = inside(scope.model).primaryKeyAttributes.map(
      (name) => `(NOT ${same(old(name), fresh(name), scope)})`,
    );
    return `(${parts.join(' OR ')})`;
  });
  const body = new Fragment(
    () => `RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
  MESSAGE = pg_catalog.format('a key of table "%s" may not change, by which "%s" matches old and new rows', TG_TABLE_NAME, ${literal(about.name).trim()}),
  HINT = 'Leave the key as it is, or set { level: "row" }',
  SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = ${literal(about.name).trim()};`,
  );
  const name = `${about.name} keys`;
  return new Trigger({ ...about, name, order: LAST, when: 'before', operation: update, condition, body }, recipe);
}
