import { literal, Op, type WhereOptions } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { columnOf, inside, utils } from '../../models/internals';
import { enclosed } from '../../models/where';
import { ident } from '../../sql/identifiers';

/** SQL: the column of an attribute, where Sequelize selects from the model. */
export const columnIn = (model: ModelClass, name: string) => `${ident(model.name)}.${ident(columnOf(model, name))}`;

/** SQL: a SELECT from the model's table; names in the options are columns. */
export function selectSql(model: ModelClass, options: object): string {
  const { queryGenerator } = inside(model).queryInterface;
  return queryGenerator.selectQuery(model.getTableName(), { ...options, model }, model).replace(/;$/, '');
}

/** What the model's scope says of the rows to be seen, and these conditions beside it; in attributes. */
export function scopedTo(
  model: ModelClass,
  archived: boolean,
  conditions: readonly (object | undefined)[],
): { where: WhereOptions; paranoid?: boolean } {
  const options: { where?: WhereOptions; paranoid?: boolean } = archived ? { paranoid: false } : {};
  inside(model)._injectScope(options);
  const { where, paranoid } = options;
  const all = [enclosed(where), ...conditions].filter((each) => each !== undefined && each !== null);
  return { where: { [Op.and]: all } as WhereOptions, ...(paranoid === undefined ? {} : { paranoid }) };
}

/** The same, in columns, and of live rows alone unless archived ones are asked for. */
export function visible(
  model: ModelClass,
  archived: boolean,
  scope: object | undefined,
  sql: string,
): { where: WhereOptions } {
  const scoped = scopedTo(model, archived, [scope]);
  const where = { [Op.and]: [utils.mapWhereFieldNames(scoped.where, model), literal(`(${sql})`)] };
  return inside(model)._paranoidClause(model, { ...scoped, where }) as { where: WhereOptions };
}

/** Rows by their keys. */
export const keyed = (names: readonly string[], keys: readonly (readonly unknown[])[]): object =>
  names.length === 1
    ? { [names[0] as string]: { [Op.in]: keys.map(([value]) => value) } }
    : { [Op.or]: keys.map((key) => Object.fromEntries(names.map((name, n) => [name, key[n]]))) };

/** @throws DefinitionError a default scope that picks rows by more than conditions of their own */
export function refuseJoins(model: ModelClass, as: string, through: ModelClass): void {
  const scope = inside(through)._scope as Readonly<Record<string, unknown>>;
  const more = ['include', 'group', 'having', 'offset'].find((key) => scope[key] !== undefined);
  if (!more) return;
  throw new DefinitionError(
    `${model.name}: "${as}" goes through another table, and the default scope of ${through.name} has "${more}". ` +
      'Take it out of the scope, or include the association to that table.',
  );
}
