import { Model, type Sequelize } from 'sequelize';
import { syncPlain, watchSync } from '../enforcement/sync';
import { type AnyModel, optionsOf } from '../models/capabilities';
import { checkTrigger } from './check';
import { explained } from './errors';
import { triggersOf } from './registry';

const ATTACHED = Symbol.for('sequelize-guitars.attached');

interface Attachable {
  [ATTACHED]?: true;
}

/** Once for an object: true the first time. */
function first(target: object): boolean {
  if (Object.hasOwn(target, ATTACHED)) return false;
  Object.defineProperty(target as Attachable, ATTACHED, { value: true });
  return true;
}

/**
 * Has every model look at its option `triggers` when it is initialised, plain models too: see docs/adr. A mistake is
 * refused there, where it is written.
 */
export function attachToInit(): void {
  if (!first(Model)) return;
  const { init } = Model as unknown as { init: (this: AnyModel, ...args: unknown[]) => unknown };
  const attaching = function (this: AnyModel, ...args: unknown[]) {
    const model = init.apply(this, args);
    if (triggersOf(this).length > 0) attach(this);
    return model;
  };
  Object.defineProperty(Model, 'init', { value: attaching, configurable: true, writable: true });
}

/** Checks a model's triggers; has `sync` install them, and their refusals reach the caller as errors of ours. */
export function attach(model: AnyModel): void {
  for (const trigger of triggersOf(model)) checkTrigger(model, trigger);
  const sequelize = model.sequelize as Sequelize | undefined;
  if (!sequelize) return;
  explainErrors(sequelize);
  watchSync(sequelize);
  // Enforced models install by themselves.
  if (!optionsOf(model) && first(model)) syncPlain(model);
}

interface Dialect {
  Query: new (...args: unknown[]) => { formatError(error: unknown, stack?: string): unknown };
}

/** Every statement of an instance, a COMMIT included, has its errors made here. */
export function explainErrors(sequelize: Sequelize): void {
  const { dialect } = sequelize as unknown as { dialect: Dialect };
  if (!first(dialect)) return;
  const { Query } = dialect;
  dialect.Query = class extends Query {
    override formatError(error: unknown, stack?: string): unknown {
      return explained(super.formatError(error, stack));
    }
  };
}
