import { DefinitionError } from '../errors';
import { Condition } from './conditions/condition';
import { Fragment } from './fragment';
import type { Operation } from './operations';
import type { TriggerOptions } from './trigger';

const KNOWN = new Set<keyof TriggerOptions>([
  ...(['name', 'when', 'operation', 'level', 'condition', 'timing', 'referencing', 'declare', 'body'] as const),
  ...(['order', 'tags', 'ignorable', 'suppress'] as const),
]);

/** @throws DefinitionError the options cannot go together; says which, and what to do */
export function validateTrigger(options: TriggerOptions): void {
  const { name } = options;
  if (typeof name !== 'string' || name === '' || name.includes('\0')) {
    throw new DefinitionError('A trigger needs a "name", unique among those of its model.');
  }
  const refuse = (reason: string): never => {
    throw new DefinitionError(`The trigger "${name}" ${reason}`);
  };
  for (const key of Object.keys(options)) {
    if (!KNOWN.has(key as keyof TriggerOptions)) refuse(`has no option "${key}". Use: ${[...KNOWN].join(', ')}.`);
  }
  const operations = [options.operation].flat() as Operation[];
  values(options, operations, refuse);
  combinations(options, operations, refuse);
}

type Refuse = (reason: string) => never;

function values(options: TriggerOptions, operations: readonly Operation[], refuse: Refuse): void {
  const { when, level = 'row', timing, condition, declare, body, order = 500, ignorable } = options;
  oneOf('when', when, ['before', 'after', 'instead of'], refuse);
  oneOf('level', level, ['row', 'statement'], refuse);
  oneOf('timing', timing ?? 'immediate', ['immediate', 'deferred'], refuse);
  if (operations.length === 0 || operations.some((each) => !each?.event)) {
    refuse('needs an "operation": insert, update, updateOf("…"), del, truncate, or a list of them.');
  }
  if (operations.some(({ fields }) => fields?.length === 0))
    refuse('says updateOf() of no attribute. Name one, or say update.');
  if (!(body instanceof Fragment)) refuse('needs a "body": plpgsql`…`.');
  if (declare !== undefined && !(declare instanceof Fragment)) refuse('needs its "declare" as plpgsql`…`.');
  if (condition !== undefined && !(condition instanceof Condition)) {
    refuse('needs its "condition" as when({ … }), anyChange() or raw`…`.');
  }
  if (!Number.isInteger(order) || order < 0 || order > 999) refuse('needs an "order" from 0 to 999.');
  if (ignorable !== undefined && typeof ignorable !== 'boolean') refuse('needs true or false for "ignorable".');
}

function oneOf(option: string, value: unknown, choices: readonly string[], refuse: Refuse): void {
  if (!choices.includes(value as string))
    refuse(`has the ${option} "${String(value)}". Use one of: ${choices.join(', ')}.`);
}

function combinations(options: TriggerOptions, operations: readonly Operation[], refuse: Refuse): void {
  const { when, level = 'row', timing, referencing, ignorable } = options;
  const truncates = operations.some(({ event }) => event === 'TRUNCATE');
  if (truncates && level === 'row') refuse('fires on TRUNCATE, which has no rows. Set { level: "statement" }.');
  if (when === 'instead of') {
    if (level !== 'row') refuse('stands instead of a view’s changes, which is for each row. Leave "level" out.');
    if (options.condition)
      refuse('stands instead of a view’s changes and cannot have a condition. Ask in the body: IF … THEN.');
    if (operations.some(({ fields }) => fields))
      refuse('stands instead of a view’s changes. Say update, not updateOf(…).');
    if (ignorable) refuse('cannot be ignored: without it nothing would be written to the view. Leave "ignorable" out.');
  }
  if (timing && (when !== 'after' || level !== 'row')) {
    refuse(
      'has a timing, which is for those that fire after, for each row. Set { when: "after" } and leave "level" out.',
    );
  }
  if (!referencing) return;
  if (when !== 'after' || timing)
    refuse('has transition tables, which are for those that fire after and cannot be put off.');
  const [only] = operations;
  if (operations.length > 1 || truncates || only?.fields) {
    refuse('has transition tables, which are for one of insert, update and del. Make one for each operation.');
  }
  if (referencing.old !== undefined && only?.event === 'INSERT')
    refuse('names the old rows of an insert, which has none.');
  if (referencing.new !== undefined && only?.event === 'DELETE')
    refuse('names the new rows of a delete, which has none.');
}
