import type { Attributes, FindOptions, Model, ModelStatic, NonAttribute, NonNullFindOptions } from 'sequelize';
import type { TextValue } from '../../models/values';

/** Options of {@link Handled}. */
export interface HandledOptions {
  /**
   * What the model's handles begin with: any text without a colon. No other model of the Sequelize instance may have it.
   */
  tag: string;
}

/** One column of a key. */
export type HandleValue = TextValue;

/** What {@link splitHandle} makes of a handle. */
export interface SplitHandle {
  readonly tag: string;
  /**
   * Of a known model: the key, as an instance has it; of a key of several columns, an object by attribute. Where no model
   * is known: a number where it is joined to its tag (text, where that is too large for one), else text; of several
   * columns, a list of text.
   */
  readonly key: HandleValue | Readonly<Record<string, HandleValue>> | readonly string[];
  /** The model whose tag it is, where the instance that was given has one. */
  readonly model?: ModelStatic<Model>;
}

/** What a Handled instance has. */
export interface HandledInstance {
  /**
   * The name of this row among all rows of all models: the tag and the key, as `org5`. Undefined while the row is not
   * saved.
   *
   * @throws DefinitionError the key was not selected
   */
  readonly handle: NonAttribute<string | undefined>;
}

/** What a Handled class has. */
export interface HandledStatics {
  /**
   * The row that has this handle; null where there is none. Takes what `findOne` takes; archived rows are found with
   * `paranoid: false`.
   *
   * @throws HandleError (a DefinitionError) it is one of another model, or none; nothing is sent to the database
   * @example const org = await Org.byHandle('org5', { include: [User] });
   */
  byHandle<M extends Model>(
    this: ModelStatic<M>,
    handle: string,
    options: NonNullFindOptions<Attributes<M>>,
  ): Promise<M>;
  byHandle<M extends Model>(
    this: ModelStatic<M>,
    handle: string,
    options?: FindOptions<Attributes<M>>,
  ): Promise<M | null>;
}

/** What a Handled model is beside what it was. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript demands any[] of a mixin's constructor
export type HandledClass = (new (...args: any[]) => HandledInstance) & HandledStatics;
