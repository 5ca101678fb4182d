import type { ModelAttributes } from 'sequelize';
import type { ModelClass } from '../models/capabilities';
import { type Init, type Initialiser, redefined, type Undeclared } from '../models/initialisers';

/** What a mixin has to say when a model is initialised. */
export interface Checks {
  /** `name`: that which the model is going to have. */
  before?(model: ModelClass, name: string, options: Init): void;
  after?(model: ModelClass): void;
}

/** Has a mixin look at each model that is initialised through it. */
export function checkedAtInit(Mixed: ModelClass, { before, after }: Checks): void {
  const own = Mixed as unknown as Undeclared;
  const checking = (init: Initialiser) =>
    function (this: ModelClass, attributes: ModelAttributes, options: Init) {
      before?.(this, options?.modelName ?? this.name, options ?? {});
      const model = init.call(this, attributes, options);
      after?.(this);
      return model;
    };
  redefined(Mixed, {
    init: checking(own.init),
    // sequelize-typescript goes from `initialize` straight to Sequelize's own `init`.
    ...(own.initialize ? { initialize: checking(own.initialize) } : {}),
  });
}
