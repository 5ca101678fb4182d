import { migrations } from '../../../migrations';
import { type EnforcedObject, KINDS } from '../../enforcement/object';
import type { Plan } from '../../enforcement/plan';
import { sealOf } from '../../enforcement/seal';
import { dollarQuote, literal, qualified } from '../../sql/identifiers';
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
  const due = [...wanted].flatMap(([, object]) => change(object, recorded, adopt));
  const stale = [...recorded].filter(([key, { step }]) => !wanted.has(key) && retires(step)).map(([, each]) => each);
  const order = (step: Step) => KINDS.indexOf(step.kind as (typeof KINDS)[number]);
  const retired = stale.map(retire).sort((one, other) => order(other) - order(one));
  return [...shared(recorded), ...due, ...retired];
}

/** Columns and tables outlive what called for them: they say which deletion archived a row, and what became of it. */
const retires = ({ kind }: Step) => kind !== 'column' && kind !== 'table' && kind !== 'shared';

const identity = ({ kind, table, name }: EnforcedObject) => ({ kind, table: qualified(table), name });

function shared(recorded: ReadonlyMap<string, Recorded>): Step[] {
  const steps = migrations.map(({ name, up, down }) => {
    // Another branch may have made them as well, and what it enforces may still need them.
    const last = down.map((sql) => `${sql};`).join('\n');
    const away = `DO ${dollarQuote(`BEGIN\nIF NOT EXISTS (${TRIGGERS_LEFT}) THEN\n${executed(last)}\nEND IF;\nEND`)}`;
    return { action: 'create', kind: 'shared', table: '', name, digest: name, up, down: [away] } as const;
  });
  return steps.filter((step) => !recorded.has(keyOf(step)));
}

const TRIGGERS_LEFT = `SELECT FROM pg_trigger JOIN pg_proc AS p ON p.oid = tgfoid WHERE p.pronamespace = to_regnamespace('guitars')`;
const executed = (sql: string) => `EXECUTE ${dollarQuote(sql)};`;

function change(object: EnforcedObject, recorded: ReadonlyMap<string, Recorded>, adopt: boolean): Step[] {
  const before = recorded.get(keyOf(identity(object)));
  const step = { ...identity(object), digest: object.digest };
  if (before?.step.digest === object.digest) {
    // A column stays recorded for good; its table may have been dropped and made anew since.
    const stands = [...recorded.values()].some(
      ({ step: { kind, table } }) => kind !== 'column' && table === step.table,
    );
    return object.kind === 'column' && !stands ? [{ ...step, action: 'create', up: [object.create], down: [] }] : [];
  }
  const { onPartitions } = object;
  const spread = onPartitions ? [onPartitions.create] : [];
  const up = [...creation(object, before !== undefined || adopt), ...sealOf(object), ...spread];
  const drop = [...(onPartitions ? [onPartitions.drop] : []), object.drop];
  if (!before) return [{ ...step, action: 'create', up, down: drop }];
  return [{ ...step, action: 'replace', up, down: putBack(before), drop }];
}

// CREATE INDEX cannot replace. IF NOT EXISTS would take an index of the same name and another meaning for ours; one that
// is ours may have been made by another branch.
function creation(object: EnforcedObject, exists: boolean): string[] {
  if (object.kind !== 'index') return [object.create];
  const create = object.create.replace(/ IF NOT EXISTS /, ' ');
  const ref = literal(qualified({ schema: object.table.schema, name: object.name }));
  const ours = `coalesce(obj_description(to_regclass(${ref}), 'pg_class'), '') LIKE 'guitars %'`;
  const drop = exists ? object.drop : `DO ${dollarQuote(`BEGIN IF ${ours} THEN ${object.drop}; END IF; END`)}`;
  return [drop, create];
}

/**
 * PostgreSQL looks for the table and the columns of a trigger, a rule and an index when it creates them, and a history for
 * those of its rows. Where a later step back renames a column, the object that stands follows it by itself; where the
 * table is gone, there is nothing to put back.
 */
export function putBack({ step, create }: Recorded): string[] {
  if (!['table', 'trigger', 'rule', 'index'].includes(step.kind)) return [...create];
  // What is done beside, as to look for rows that a history does not know, cannot take the object back with it.
  const beside = create.findIndex((sql, n) => n > 0 && /^DO\b/.test(sql));
  const [made, rest] = beside < 0 ? [create, []] : [create.slice(0, beside), create.slice(beside)];
  return [made, ...rest.map((sql) => [sql])].map(attempted);
}

function attempted(sql: readonly string[]): string {
  const statements = sql.map((each) => `${each.replace(/^SELECT guitars/, 'PERFORM guitars')};`).join('\n');
  return `DO ${dollarQuote(`BEGIN\n${statements}\nEXCEPTION WHEN undefined_table OR undefined_column THEN NULL;\nEND`)}`;
}

function retire(recorded: Recorded): Step {
  const { kind, table, name } = recorded.step;
  return { action: 'retire', kind, table, name, digest: '', up: recorded.drop, down: putBack(recorded) };
}
