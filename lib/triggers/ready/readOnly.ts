import { DefinitionError } from '../../errors';
import type { AnyModel } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { literal } from '../../sql/identifiers';
import { changedFields, timesOf } from '../conditions/changes';
import { same } from '../conditions/compare';
import { Condition } from '../conditions/condition';
import { REFUSED } from '../errors';
import { attributeOf, Fragment, fresh, old, type Scope } from '../fragment';
import { update } from '../operations';
import { Trigger } from '../trigger';
import { type Common, common, LAST } from './options';
import { refuse } from './refuse';

/** Options of {@link readOnly}. */
export interface ReadOnlyOptions extends Common {
  /** These attributes. Default: all, but the times and the version that are kept for the model. */
  readonly fields?: readonly string[];
  /** All but these, and but the times and the version. */
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
    fields ? [...fields] : changedFields(scope, { exclude: [...exclude, ...kept(scope.model)] });
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
    const { createdAt } = timesOf(model);
    const changing = kept(model).find((name) => name !== createdAt && fields?.includes(name));
    if (changing === undefined) return;
    throw new DefinitionError(
      `${model.name}: "${changing}" is kept for the model and changes with the row, and readOnly() would refuse every change. Leave it out.`,
    );
  };
  return new Trigger(
    { ...about, order: about.order ?? LAST, when: 'before', operation: update, condition, declare, body },
    { kind: 'readOnly', check },
  );
}

/** What Sequelize and the database write by themselves. */
function kept(model: AnyModel): string[] {
  const { _versionAttribute: version } = inside(model);
  return [...Object.values(timesOf(model)), ...(version ? [version] : [])];
}
