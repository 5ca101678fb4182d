import { DefinitionError } from '../../errors';
import type { AnyModel } from '../../models/capabilities';
import { literal } from '../../sql/identifiers';
import { changedFields, timesOf } from '../conditions/changes';
import { same } from '../conditions/compare';
import { Condition } from '../conditions/condition';
import { REFUSED } from '../errors';
import { attributeOf, Fragment, fresh, old, type Scope } from '../fragment';
import { update } from '../operations';
import { Trigger } from '../trigger';
import { type Common, common } from './options';
import { refuse } from './refuse';

/** Options of {@link readOnly}. */
export interface ReadOnlyOptions extends Common {
  /** These attributes. Default: all, but the times that are kept for the model. */
  readonly fields?: readonly string[];
  /** All but these, and but the times. */
  readonly exclude?: readonly string[];
}

/**
 * Refuses the change of columns with a {@link ReadOnlyError} that names the first that would change. Writing the same
 * value is no change.
 *
 * @throws DefinitionError it takes both fields and exclude, or an option that it does not know
 * @example readOnly({ fields: ['isbn', 'publishedAt'] })
 */
export function readOnly(options: ReadOnlyOptions = {}): Trigger {
  const about = common('readOnly', options, ['fields', 'exclude']);
  const { fields, exclude = [] } = options;
  if (fields && options.exclude) throw new DefinitionError('readOnly() takes fields or exclude, not both.');
  if (fields?.length === 0)
    throw new DefinitionError('readOnly() takes no empty list of fields. Name one, or leave it out.');
  const meant = (scope: Scope) =>
    fields ? [...fields] : changedFields(scope, { exclude: [...exclude, ...Object.values(timesOf(scope.model))] });
  const changed = (scope: Scope, field: string) => `(NOT ${same(old(field), fresh(field), scope)})`;
  const condition = new Condition(
    (scope) =>
      `(${meant(scope)
        .map((field) => changed(scope, field))
        .join(' OR ')})`,
  );
  const column = new Fragment((scope) => {
    const cases = meant(scope).map(
      (field) => `WHEN ${changed(scope, field)} THEN ${literal(attributeOf(scope, field).column).trim()}`,
    );
    return `CASE ${cases.join(' ')} END`;
  });
  const body = new Fragment((scope) => {
    const statement = refuse({
      code: REFUSED.readOnly,
      name: about.name,
      message: `pg_catalog.format('column "%s" of table "%s" is read-only', guitars_column, TG_TABLE_NAME)`,
      hint: 'Leave it as it is, or change it within ignoreTriggers(), if that is meant',
      column: new Fragment(() => 'guitars_column'),
    }).render(scope);
    return `guitars_column := ${column.render(scope)};\n${statement}`;
  });
  const declare = new Fragment(() => 'guitars_column text;');
  const check = (model: AnyModel) => {
    const { updatedAt, deletedAt } = timesOf(model);
    const kept = fields?.find((field) => field === updatedAt || field === deletedAt);
    if (kept === undefined) return;
    throw new DefinitionError(
      `${model.name}: "${kept}" is a time that changes with the row, and readOnly() would refuse every change. Leave it out.`,
    );
  };
  return new Trigger(
    { ...about, when: 'before', operation: update, condition, declare, body },
    { kind: 'readOnly', check },
  );
}
