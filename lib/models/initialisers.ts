import type { InitOptions, ModelAttributes, ModelOptions, Options, Sequelize, SyncOptions } from 'sequelize';
import { DefinitionError } from '../errors';
import { can, type ModelClass } from './capabilities';
import type { GuitarOptions } from './options';

export type Init = InitOptions & { guitar?: GuitarOptions };
export type Initialiser = (this: unknown, attributes: ModelAttributes, options: Init) => unknown;

/** Statics of the base that Sequelize and sequelize-typescript have and do not declare. */
export interface Undeclared {
  initialize?: Initialiser;
  refreshAttributes(): void;
  sync(options?: SyncOptions): Promise<unknown>;
  init: Initialiser;
}

/** Puts statics on a class. Assigned, not declared in it: the declared types of Sequelize's are generic in the subclass. */
export function redefined(Mixed: object, statics: Record<string, unknown> & ThisType<ModelClass>): void {
  for (const [name, value] of Object.entries(statics)) {
    Object.defineProperty(Mixed, name, { value, configurable: true, writable: true });
  }
}

/** Puts something around each of the ways in which a model that extends `Mixed` is initialised. */
export function aroundInit(
  Mixed: object,
  Base: object,
  around: (init: Initialiser) => (this: ModelClass, attributes: ModelAttributes, options: Init) => unknown,
): void {
  const { init, initialize } = Base as Undeclared;
  redefined(Mixed, {
    init: around(init),
    // sequelize-typescript goes from `initialize` straight to Sequelize's own `init`.
    ...(initialize ? { initialize: around(initialize) } : {}),
  });
}

/** The option `guitar` says something of the database; a model without times has nothing there. */
export function refusingGuitar(Mixed: object, Base: ModelClass): void {
  aroundInit(
    Mixed,
    Base,
    (init) =>
      function (this: ModelClass, attributes: ModelAttributes, options: Init) {
        if (options?.guitar !== undefined && !can(this, 'enforced')) {
          throw new DefinitionError(
            `${options.modelName ?? this.name}: the option guitar is for models whose times the database keeps. ` +
              'Remove it, or use Setar(Model) or Guitar(Model).',
          );
        }
        refuseUntracked(this, options);
        return init.call(this, attributes, options);
      },
  );
}

/** @throws DefinitionError the option `updateTogether` of a model that does not track what changes */
export function refuseUntracked(model: ModelClass, options: Init | undefined): void {
  if (options?.updateTogether === undefined || can(model, 'tracked')) return;
  throw new DefinitionError(
    `${options.modelName ?? model.name}: the option updateTogether is for tracked models. ` +
      'Remove it, or apply Tracked(…) before the model is initialised, as in Guitar(Tracked(Model)).',
  );
}

/** `createdAt: 'created'`, Sequelize's own way to name the attributes (of all models, too), means the same here. */
export function withNativeNames(options: ModelOptions & { sequelize?: Sequelize }): GuitarOptions {
  const attributes = { ...options.guitar?.attributes };
  const { define } = (options.sequelize as unknown as { options: Options } | undefined)?.options ?? {};
  for (const time of ['createdAt', 'updatedAt', 'deletedAt'] as const) {
    const name = options[time] ?? define?.[time];
    if (typeof name === 'string') attributes[time] ??= name;
  }
  return { ...options.guitar, attributes };
}
