import type { ModelAttributes } from 'sequelize';
import type { ModelClass } from '../models/capabilities';
import { aroundInit, type Init } from '../models/initialisers';

/** What a mixin has to say when a model is initialised. */
export interface Checks {
  /** `name`: that which the model is going to have. */
  before?(model: ModelClass, name: string, options: Init): void;
  after?(model: ModelClass): void;
}

/** Has a mixin look at each model that is initialised through it. */
export function checkedAtInit(Mixed: ModelClass, { before, after }: Checks): void {
  aroundInit(
    Mixed,
    Mixed,
    (init) =>
      function (this: ModelClass, attributes: ModelAttributes, options: Init) {
        before?.(this, options?.modelName ?? this.name, options ?? {});
        const model = init.call(this, attributes, options);
        after?.(this);
        return model;
      },
  );
}
