import type { BelongsToMany, HasMany, Includeable } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { numberOption, refuseUnknown } from '../check';
import { fieldsOf } from '../fields';
import type { IncludeOption, RestOptions } from '../options';
import { refuseJoins } from './scoped';
import { separately } from './through';

/** An association that clients may ask for. */
export interface Include {
  readonly as: string;
  readonly target: ModelClass;
  readonly many: boolean;
  /** Of rows of `many` that another table links: the association as Sequelize is told it. */
  readonly through?: HasMany;
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
  const target = association.target as ModelClass;
  const shown = {
    fields: fieldsOf(target, fields, `include.${as}.fields`),
    limit: numberOption(model, `include.${as}.limit`, limit, 100),
    archived,
  };
  const isThrough = associationType === 'BelongsToMany';
  const through = isThrough ? throughOf(model, association as never, shown) : undefined;
  return {
    ...shown,
    as,
    target,
    many: isThrough || associationType === 'HasMany',
    ...(through ? { through } : {}),
    foreignKey: through?.foreignKey ?? foreignKey,
    needs: associationType === 'BelongsTo' ? [] : [sourceKey ?? model.primaryKeyAttribute],
  };
}

/** @throws DefinitionError a default scope by which the rows cannot be picked */
function throughOf(model: ModelClass, association: BelongsToMany, shown: Parameters<typeof separately>[1]): HasMany {
  const { through } = association as unknown as { through: { model: ModelClass } };
  for (const each of [association.target as ModelClass, through.model]) refuseJoins(model, association.as, each);
  return separately(association, shown);
}

/** What Sequelize is told. Rows of `many` come in a query of their own, so that each row has its own limit. */
export function sequelizeInclude(include: Include): Includeable {
  const { as, target, many, fields, limit, archived, foreignKey, through } = include;
  const shown = { association: through ?? as, required: false, ...(archived ? { paranoid: false } : {}) };
  if (!many) return { ...shown, attributes: [...fields] };
  const order = target.primaryKeyAttributes.map((name) => [name, 'ASC'] as [string, string]);
  return { ...shown, separate: true, limit, order, attributes: [...new Set([...fields, foreignKey])] };
}
