import type { Model, ModelStatic } from 'sequelize';
import { DefinitionError } from '../errors';
import type { AnyModel } from '../models/capabilities';
import { type AttributeInternals, inside } from '../models/internals';
import { ident, literal as quoted } from '../sql/identifiers';
import { valueSql } from './value';

/** A row of a trigger: as it was, or as it is to be. */
export type Side = 'old' | 'new';

/** What a piece of SQL is rendered for. */
export interface Scope {
  /** The model whose trigger it is. */
  readonly model: AnyModel;
  /** The trigger's name, for errors. */
  readonly trigger: string;
  /** What stands for a row, as `OLD`; refuses a row, or a column of it, that the trigger does not have. */
  row(side: Side, attribute: AttributeInternals & { column: string }): string;
  /** The qualified name of a model's table. */
  table(model: AnyModel): string;
  /** The relation of changed rows, in a trigger of {@link composer}. */
  readonly changes?: string;
}

/** A piece of SQL that is rendered once the model is known. */
export class Fragment {
  constructor(readonly render: (scope: Scope) => string) {}
}

/** A column of the old or the new row. */
export class Ref extends Fragment {
  constructor(
    readonly side: Side,
    readonly attribute: string,
  ) {
    super((scope) => {
      const found = attributeOf(scope, attribute);
      return `${scope.row(side, found)}.${ident(found.column)}`;
    });
  }
}

/** An attribute of the scope's model, with its column. */
export function attributeOf({ model, trigger }: Scope, name: string): AttributeInternals & { column: string } {
  const { rawAttributes, name: modelName, _virtualAttributes } = inside(model);
  const attribute = Object.hasOwn(rawAttributes, name) ? rawAttributes[name] : undefined;
  if (attribute && !_virtualAttributes?.has(name)) return { ...attribute, column: attribute.field ?? name };
  const known = Object.keys(rawAttributes).filter((each) => !_virtualAttributes?.has(each));
  throw new DefinitionError(
    `The trigger "${trigger}" names "${name}", which is no column of ${modelName}. Use one of: ${known.join(', ')}.`,
  );
}

/**
 * A column of the row as it was.
 *
 * @example when({ new: { price: { [Op.lt]: old('price') } } })
 */
export const old = (attribute: string) => new Ref('old', attribute);

/**
 * A column of the row as it is to be.
 *
 * @example distinctFrom(old('price'), fresh('price'))
 */
export const fresh = (attribute: string) => new Ref('new', attribute);

/** The quoted column of an attribute of the trigger's model, or of another. */
export const col = (attribute: string, model?: ModelStatic<Model>) =>
  new Fragment((scope) => ident(attributeOf(model ? { ...scope, model } : scope, attribute).column));

/** The qualified and quoted table of a model; without one, the trigger's own. */
export const table = (model?: ModelStatic<Model>) => new Fragment((scope) => scope.table(model ?? scope.model));

/** A value, quoted: text, number, boolean, null, Date, Buffer, array, or an object as JSON. */
export const literal = (value: unknown) => new Fragment(() => valueSql(value));

/** One of the texts that PL/pgSQL shows as it is, such as TG_OP; anything else is `raw`. */
export const text = (value: string) => new Fragment(() => quoted(value).trim());
