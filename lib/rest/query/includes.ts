import type { Includeable } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { numberOption, refuseUnknown } from '../check';
import { fieldsOf } from '../fields';
import type { IncludeOption, RestOptions } from '../options';

/** An association that clients may ask for. */
export interface Include {
  readonly as: string;
  readonly target: ModelClass;
  readonly many: boolean;
  readonly fields: readonly string[];
  readonly limit: number;
  readonly archived: boolean;
  /** The key by which the rows of `many` are told apart. */
  readonly foreignKey: string;
  /** Attributes of the model itself that its rows are found by. */
  readonly needs: readonly string[];
}

/** Includes by alias. */
export type Includes = ReadonlyMap<string, Include>;

/** @throws DefinitionError an association that there is not, or one of another kind */
export function includesOf(model: ModelClass, option: RestOptions['include'] = []): Includes {
  const entries: [string, true | IncludeOption][] = Array.isArray(option)
    ? option.map((as) => [as, true])
    : Object.entries(option);
  return new Map(entries.map(([as, each]) => [as, includeOf(model, as, each === true ? {} : each)]));
}

function includeOf(model: ModelClass, as: string, option: IncludeOption): Include {
  // Misspelt fields would offer all.
  refuseUnknown(model, option, `include.${as}`, ['fields', 'limit', 'archived']);
  const { fields, limit, archived = false } = option;
  const { associations } = inside(model);
  const association = Object.hasOwn(associations, as) ? associations[as] : undefined;
  if (!association) {
    const known = Object.keys(associations).join(', ') || 'none';
    throw new DefinitionError(
      `${model.name} has no association "${as}" to include; it has: ${known}. Make the router after the associations.`,
    );
  }
  const { associationType, foreignKey, sourceKey } = association as typeof association & { sourceKey?: string };
  if (associationType === 'BelongsToMany') {
    throw new DefinitionError(
      `${model.name}: "${as}" goes through another table. Include the association to that table, or serve it by a router of its own.`,
    );
  }
  const target = association.target as ModelClass;
  return {
    as,
    target,
    many: associationType === 'HasMany',
    fields: fieldsOf(target, fields, `include.${as}.fields`),
    limit: numberOption(model, `include.${as}.limit`, limit, 100),
    archived,
    foreignKey,
    needs: associationType === 'BelongsTo' ? [] : [sourceKey ?? model.primaryKeyAttribute],
  };
}

/** What Sequelize is told. Rows of `many` come in a query of their own, so that each row has its own limit. */
export function sequelizeInclude({ as, target, many, fields, limit, archived, foreignKey }: Include): Includeable {
  const shown = { association: as, required: false, ...(archived ? { paranoid: false } : {}) };
  if (!many) return { ...shown, attributes: [...fields] };
  const order = target.primaryKeyAttributes.map((name) => [name, 'ASC'] as [string, string]);
  return { ...shown, separate: true, limit, order, attributes: [...new Set([...fields, foreignKey])] };
}
