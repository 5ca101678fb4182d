import { DefinitionError } from '../errors';
import type { AnyModel } from '../models/capabilities';
import type { Condition } from './conditions/condition';
import type { Fragment } from './fragment';
import type { Operation } from './operations';
import type { TriggerSelection } from './runtime/selection';
import { validateTrigger } from './validate';

/** When a trigger fires. `instead of` is for views. */
export type When = 'before' | 'after' | 'instead of';

/** A trigger, as {@link trigger} takes it. */
export interface TriggerOptions {
  /** Unique among the triggers of its model. Any text. */
  readonly name: string;
  readonly when: When;
  /** One or more; of several, any sets it off. */
  readonly operation: Operation | readonly Operation[];
  /** Once for each row or once for each statement. Default: `row`. */
  readonly level?: 'row' | 'statement';
  /** Fires only where it holds. A statement's trigger has no rows to look at. Default: always. */
  readonly condition?: Condition;
  /**
   * Makes it a constraint trigger, which {@link setConstraints} may put off to the end of the transaction: `deferred` is
   * put off by default, `immediate` is not. After, for each row. Default: it cannot be put off.
   */
  readonly timing?: 'immediate' | 'deferred';
  /** Names of the transition tables, for a trigger that fires after one operation. */
  readonly referencing?: { readonly old?: string; readonly new?: string };
  /** Declarations of the body, as plpgsql`total integer := 0;`. */
  readonly declare?: Fragment;
  /** Statements, as plpgsql`…`. Without a RETURN the row goes its way. */
  readonly body: Fragment;
  /** Triggers of one kind fire by this number, 0 to 999, then by name. Default: 500. */
  readonly order?: number;
  /** Words by which {@link ignoreTriggers} finds it. */
  readonly tags?: readonly string[];
  /** Can {@link ignoreTriggers} switch it off? Default: true, but false for `instead of`. */
  readonly ignorable?: boolean;
  /** Triggers that do not fire for what the body does, nor for what that sets off. */
  readonly suppress?: TriggerSelection;
}

/** What a recipe knows of itself, beside the trigger. */
export interface Recipe {
  /** By which {@link ignoreTriggers} finds it, such as `protect`. */
  readonly kind?: string;
  /** What the user calls it, where it is one of several triggers that serve one purpose. */
  readonly of?: string;
  /** Refuses a model that it cannot serve. */
  readonly check?: (model: AnyModel) => void;
}

const BRAND = Symbol.for('sequelize-guitars.trigger');

/** A trigger to be declared on models. */
// A class, not an object: Sequelize clones plain objects among a model's options.
export class Trigger {
  /** Another copy of the package knows it by this. */
  readonly [BRAND] = true;
  readonly options: TriggerOptions;
  readonly operations: readonly Operation[];
  readonly level: 'row' | 'statement';
  readonly order: number;
  readonly tags: readonly string[];
  readonly ignorable: boolean;
  readonly kind: string;

  constructor(
    options: TriggerOptions,
    readonly recipe: Recipe = {},
  ) {
    validateTrigger(options);
    this.options = options;
    this.operations = [options.operation].flat() as Operation[];
    this.level = options.level ?? 'row';
    this.order = options.order ?? 500;
    this.tags = options.tags ?? [];
    this.ignorable = options.ignorable ?? options.when !== 'instead of';
    this.kind = recipe.kind ?? 'trigger';
  }

  get name(): string {
    return this.options.name;
  }

  /** The same with some options changed. */
  with(changes: Partial<TriggerOptions>): Trigger {
    return new Trigger({ ...this.options, ...changes }, this.recipe);
  }
}

// Here, in a file that the package's own declarations reach, so that applications see it too.
declare module 'sequelize' {
  interface ModelOptions {
    /** Triggers of sequelize-guitars, as `protect()` and `trigger({ … })` make them. Lists within the list are taken apart. */
    triggers?: readonly (Trigger | readonly Trigger[])[];
  }
}

/**
 * A trigger of one's own, for the option `triggers` of a model, or for {@link registerTriggers}.
 *
 * @throws DefinitionError the options cannot go together
 * @example
 * trigger({
 *   name: 'count posts', when: 'after', operation: insert,
 *   body: plpgsql`UPDATE ${table(Author)} SET posts = posts + 1 WHERE id = ${fresh('authorId')};`,
 * });
 */
export function trigger(options: TriggerOptions): Trigger {
  return new Trigger(options);
}

/** @throws DefinitionError it is none */
export function refuseOther(model: string, value: unknown): asserts value is Trigger {
  if (typeof value === 'object' && value !== null && BRAND in value) return;
  throw new DefinitionError(
    `${model}: "triggers" is a list of what trigger(), protect() and the like answer, not of ${typeof value}s.`,
  );
}
