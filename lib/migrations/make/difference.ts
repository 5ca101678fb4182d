import { migrations } from '../../../migrations';
import { type EnforcedObject, KINDS } from '../../enforcement/object';
import type { Plan } from '../../enforcement/plan';
import { sealOf } from '../../enforcement/seal';
import { dollarQuote, qualified } from '../../sql/identifiers';
import type { Recorded } from './recorded';
import { keyOf, type Step } from './step';

/**
 * The steps from what the migrations record to what the models call for. What is new comes first, in the order in which
 * objects name each other; then what goes, in the reverse order.
 *
 * @param adopt objects may exist already: an index is made anew
 */
export function difference(plan: Plan, recorded: ReadonlyMap<string, Recorded>, adopt = false): Step[] {
  const wanted = new Map(plan.objects.map((object) => [keyOf(identity(object)), object]));
  const due = [...wanted].flatMap(([key, object]) => change(object, recorded.get(key), adopt));
  const stale = [...recorded].filter(([key, { step }]) => !wanted.has(key) && retires(step)).map(([, each]) => each);
  const order = (step: Step) => KINDS.indexOf(step.kind as (typeof KINDS)[number]);
  const retired = stale.map(retire).sort((one, other) => order(other) - order(one));
  return [...shared(recorded), ...due, ...retired];
}

/** A column outlives what called for it: it says which deletion archived a row. */
const retires = ({ kind }: Step) => kind !== 'column' && kind !== 'shared';

const identity = ({ kind, table, name }: EnforcedObject) => ({ kind, table: qualified(table), name });

function shared(recorded: ReadonlyMap<string, Recorded>): Step[] {
  const steps = migrations.map(({ name, up, down }) => {
    return { action: 'create', kind: 'shared', table: '', name, digest: name, up, down } as const;
  });
  return steps.filter((step) => !recorded.has(keyOf(step)));
}

function change(object: EnforcedObject, before: Recorded | undefined, adopt: boolean): Step[] {
  if (before?.step.digest === object.digest) return [];
  const step = { ...identity(object), digest: object.digest };
  const up = [...creation(object, before !== undefined || adopt), ...sealOf(object)];
  if (!before) return [{ ...step, action: 'create', up, down: [object.drop] }];
  return [{ ...step, action: 'replace', up, down: back(object, before), drop: [object.drop] }];
}

// CREATE INDEX cannot replace. IF NOT EXISTS would take an index of the same name and another meaning for ours.
function creation(object: EnforcedObject, exists: boolean): string[] {
  if (object.kind !== 'index') return [object.create];
  const create = object.create.replace(/ IF NOT EXISTS /, ' ');
  return exists ? [object.drop, create] : [create];
}

/**
 * PostgreSQL checks the columns of a trigger and of a rule when it creates them. Where a later step back renames one,
 * the object that stands follows the column by itself.
 */
function back(object: EnforcedObject, before: Recorded): string[] {
  if (object.kind !== 'trigger' && object.kind !== 'rule') return [...before.create];
  const [create = '', ...seals] = before.create;
  return [`DO ${dollarQuote(`BEGIN\n${create};\nEXCEPTION WHEN undefined_column THEN NULL;\nEND`)}`, ...seals];
}

function retire({ step, create, drop }: Recorded): Step {
  const { kind, table, name } = step;
  return { action: 'retire', kind, table, name, digest: '', up: drop, down: create };
}
