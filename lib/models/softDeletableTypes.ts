import type {
  Attributes,
  CreationOptional,
  DestroyOptions,
  ForeignKey,
  InstanceDestroyOptions,
  InstanceRestoreOptions,
  Model,
  ModelStatic,
  NonAttribute,
  RestoreOptions,
} from 'sequelize';
import type { PreviewOptions } from '../enforcement/preview';
import type { DeletePreview } from '../enforcement/preview/types';

/** What a soft-deletable instance has. */
export interface SoftDeletableInstance {
  /** When the row was archived, by the database's clock; null while it is live. */
  readonly deletedAt: CreationOptional<ForeignKey<Date | null>>;
  /** Is the row archived, as far as this instance knows? */
  readonly isDeleted: NonAttribute<boolean>;
  /** Is the row live, as far as this instance knows? */
  readonly isAlive: NonAttribute<boolean>;
  /** Archives the row and its live cascade children. `force: true` is {@link hardDelete}. */
  destroy(options?: InstanceDestroyOptions): Promise<void>;
  /** Brings back the row and precisely the rows that its own deletion archived. */
  restore(options?: InstanceRestoreOptions): Promise<void>;
  /** Removes the row physically, and the cascade children that the database's own keys remove. */
  hardDelete(options?: InstanceDestroyOptions): Promise<void>;
  /**
   * What {@link destroy} and {@link hardDelete} would each take along, by table; nothing is changed or locked.
   *
   * @throws GuitarsError the row does not exist
   * @example const { soft, hard } = await article.previewDestroy();
   */
  previewDestroy(options?: PreviewOptions): Promise<DeletePreview>;
}

/** What a soft-deletable class has. */
export interface SoftDeletableStatics {
  /** The scope of live rows. For the exact type: `declare static readonly live: ModelStatic<Article>`. */
  readonly live: ModelStatic<Model & SoftDeletableInstance>;
  /** The scope of archived rows. */
  readonly archives: ModelStatic<Model & SoftDeletableInstance>;
  /** The scope of all rows. */
  readonly all: ModelStatic<Model & SoftDeletableInstance>;
  /**
   * Removes rows physically, live and archived ones; answers how many.
   *
   * @throws DefinitionError without `where`
   */
  hardDelete<M extends Model>(this: ModelStatic<M>, options: DestroyOptions<Attributes<M>>): Promise<number>;
  /**
   * Brings rows back, each with precisely the rows that its own deletion archived; answers how many rows went from
   * archived to live.
   *
   * @throws DefinitionError without `where`
   */
  restore<M extends Model>(this: ModelStatic<M>, options: RestoreOptions<Attributes<M>>): Promise<number>;
}

// biome-ignore lint/suspicious/noExplicitAny: TypeScript demands any[] of a mixin's constructor
export type SoftDeletableClass = (new (...args: any[]) => SoftDeletableInstance) & SoftDeletableStatics;
