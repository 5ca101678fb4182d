import { DefinitionError } from '../../errors';
import type { AnyModel } from '../../models/capabilities';
import { inside } from '../../models/internals';
import { literal } from '../../sql/identifiers';
import { distinctFrom } from '../conditions/compare';
import { and, type Condition, not, or } from '../conditions/condition';
import { when } from '../conditions/when';
import { REFUSED } from '../errors';
import { attributeOf, Fragment, fresh, old, type Scope } from '../fragment';
import { insert, update } from '../operations';
import { Trigger } from '../trigger';
import { type Common, common, fieldOf, LAST } from './options';
import { refuse } from './refuse';

/** A state: any value of the column, NULL too. */
export type State = string | number | bigint | boolean | null;

/** Options of {@link fsm}. */
export interface FsmOptions extends Common {
  /** The attribute that holds the state. */
  readonly field: string;
  /** From each state to those that may follow; as pairs where a state is no text. Staying is no transition. */
  readonly transitions: Readonly<Record<string, readonly State[]>> | readonly (readonly [from: State, to: State])[];
  /** States that a new row may have. Default: any. */
  readonly initial?: readonly State[];
}

/**
 * A state machine: refuses transitions that are not listed, and states to begin with, with a {@link TransitionError}.
 *
 * @throws DefinitionError there is no transition, or a state that the column's enum does not have
 * @example fsm({ field: 'status', initial: ['draft'], transitions: { draft: ['published'], published: ['archived'] } })
 */
export function fsm(options: FsmOptions): Trigger[] {
  const about = common('fsm', options, ['field', 'transitions', 'initial']);
  const field = fieldOf('fsm', options.field);
  const pairs = pairsOf(options.transitions);
  const { initial } = options;
  if (initial?.length === 0)
    throw new DefinitionError('fsm() takes no empty list of initial states: no row could be made. Leave it out.');
  const allowed = or(...pairs.map(([from, to]) => when({ old: { [field]: from }, new: { [field]: to } })));
  const moves = and(distinctFrom(old(field), fresh(field)), not(allowed));
  const check = (model: AnyModel) => refuseStates(model, field, [...pairs.flat(), ...(initial ?? [])]);
  const recipe = { kind: 'fsm', of: about.name, check };
  const made = (message: string, hint: string, condition: Condition) => ({
    condition,
    body: new Fragment((scope) =>
      refuse({
        code: REFUSED.transition,
        name: about.name,
        message: worded(message, field, scope),
        hint,
        column: columnName(field),
      }).render(scope),
    ),
  });
  const transition = made(
    '%1$s of table "%2$s" may not go from %3$s to %4$s',
    'Go by way of a state that leads there',
    moves,
  );
  const order = about.order ?? LAST;
  const moving = new Trigger({ ...about, order, when: 'before', operation: update, ...transition }, recipe);
  if (!initial) return [moving];
  const begins = not(or(...initial.map((state) => when({ new: { [field]: state } }))));
  const beginning = made(
    '%1$s of table "%2$s" may not begin with %4$s',
    `Begin with one of: ${initial.map(String).join(', ')}`,
    begins,
  );
  return [
    moving,
    // After: an INSERT … ON CONFLICT DO UPDATE of a row that is there begins nothing.
    new Trigger({ ...about, name: `${about.name} initial`, when: 'after', operation: insert, ...beginning }, recipe),
  ];
}

const columnName = (field: string) => new Fragment((scope) => literalOf(attributeOf(scope, field).column));

function worded(message: string, field: string, scope: Scope): string {
  const shown = (row: string) => `pg_catalog.quote_nullable(${row})`;
  const before = message.includes('%3$s') ? shown(`${old(field).render(scope)}::text`) : 'NULL';
  return `pg_catalog.format(${literalOf(message)}, ${columnName(field).render(scope)}, TG_TABLE_NAME, ${before}, ${shown(`${fresh(field).render(scope)}::text`)})`;
}

function pairsOf(transitions: FsmOptions['transitions']): (readonly [State, State])[] {
  const pairs = Array.isArray(transitions)
    ? (transitions as readonly (readonly [State, State])[])
    : Object.entries(transitions ?? {}).flatMap(([from, tos]) =>
        [tos].flat().map((to) => [from, to as State] as const),
      );
  const odd = pairs.find((pair) => !Array.isArray(pair) || pair.length !== 2);
  if (pairs.length > 0 && !odd) return [...pairs];
  throw new DefinitionError("fsm() needs its transitions, as { draft: ['published'] } or [['draft', 'published']].");
}

function refuseStates(model: AnyModel, field: string, states: readonly State[]): void {
  const attribute = inside(model).rawAttributes[field];
  if (!attribute) throw new DefinitionError(`${model.name}: fsm() is of "${field}", which the model does not have.`);
  const { values, key } = attribute.type as { key?: string; values?: readonly string[] };
  const unknown =
    key === 'ENUM' ? states.find((state) => state !== null && !values?.includes(String(state))) : undefined;
  if (unknown === undefined) return;
  throw new DefinitionError(
    `${model.name}: fsm() knows the state "${unknown}", which "${field}" cannot have. Use: ${values?.join(', ')}.`,
  );
}

const literalOf = (text: string) => literal(text).trim();
