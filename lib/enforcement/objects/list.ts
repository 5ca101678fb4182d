import type { Sequelize, Transaction } from 'sequelize';
import { GuitarsError } from '../../errors';
import { type TableRef, tableKey } from '../../sql/identifiers';
import { type Clone, sleepingClones } from '../audit/clones';
import { type ObjectStatus, statusesOf } from '../catalog';
import type { EnforcedObject, Kind } from '../object';
import type { Plan } from '../plan';
import { livePlan } from '../session';
import { isNewer, sharedFaults, sharedVersion } from '../shared';
import { chooser, chosenModels, refuseUnmatched, type Selection } from './select';
import { type Stale, stale } from './stale';

/**
 * How an object stands. `OUTDATED`: as it was made, for other models or by another version. `DRIFTED`: edited since.
 * `PRUNE`: ours, and not called for.
 */
export type StatusWord = 'INSTALLED' | 'OUTDATED' | 'DRIFTED' | 'UNINSTALLED' | 'PRUNE';
/** When a trigger or rule fires. `ALWAYS`: on replicas too; `REPLICA`: there only. */
export type FiringWord = 'ENABLED' | 'DISABLED' | 'ALWAYS' | 'REPLICA';

/** An enforced object with its state. */
export interface Listed {
  readonly status: StatusWord;
  readonly firing?: FiringWord;
  readonly kind: Kind;
  readonly model?: string;
  readonly table?: TableRef;
  readonly name: string;
  /** What the user calls a trigger that was declared. */
  readonly declared?: string;
  readonly reason?: string;
  /** What the models call for; undefined for `PRUNE`. */
  readonly object?: EnforcedObject;
  readonly drop: string;
  /** Of an index: values are unique by it. */
  readonly unique?: boolean;
}

/** Objects, and the plan that they were looked up for. */
export interface Listing {
  readonly plan: Plan;
  readonly objects: readonly Listed[];
  /** Partitions on which a trigger is switched off by itself. */
  readonly clones: readonly Clone[];
  /** Shared functions and tables that are not as the package made them. */
  readonly shared: readonly string[];
}

const WORDS = { missing: 'UNINSTALLED', outdated: 'OUTDATED', drifted: 'DRIFTED', current: 'INSTALLED' } as const;
const FIRING = { O: 'ENABLED', A: 'ALWAYS', D: 'DISABLED', R: 'REPLICA' } as const;

/** Does the object do what it is there for? */
export const isInForce = ({ status, firing }: Listed) =>
  status === 'INSTALLED' && firing !== 'DISABLED' && firing !== 'REPLICA';

/**
 * The enforced objects that are meant, as the live catalog has them.
 *
 * @throws GuitarsError there is no such model, name or kind, or the function that reads the catalog was edited
 */
export async function listObjects(
  sequelize: Sequelize,
  selection: Selection = {},
  transaction?: Transaction | null,
): Promise<Listing> {
  const models = chosenModels(sequelize, selection);
  const chosen = chooser(selection);
  const plan = await livePlan(sequelize, { models }, transaction);
  const version = await sharedVersion(sequelize, transaction);
  if (version === undefined) {
    refuseUnmatched(selection, plan.objects);
    const reason = 'it is not in the database';
    const objects = plan.objects.filter(chosen).map((object) => listed({ object, content: 'missing', reason }, []));
    return { plan, objects, clones: [], shared: [] };
  }
  const faults = isNewer(version) ? [] : await sharedFaults(sequelize, transaction);
  if (faults.some(({ name }) => name === 'definition')) {
    throw new GuitarsError('guitars.definition(), which reads the catalog, is missing or edited. Run: guitars install');
  }
  const tables = plan.graph.tables.filter((table) => !models || table.models.some((model) => models.includes(model)));
  const looked = [...tables, ...plan.plain];
  const refs = looked.flatMap(({ table, partitions }) => [table, ...partitions]);
  const owners = new Map(
    looked.flatMap(({ table, partitions, name }) =>
      [table, ...partitions].map((ref) => [tableKey(ref), name] as const),
    ),
  );
  const clones = await sleepingClones(sequelize, looked, transaction);
  const statuses = await statusesOf(sequelize, plan.objects.filter(chosen), transaction);
  const strays = (await stale(sequelize, plan, refs, transaction)).filter(
    ({ table }) => table !== undefined || models === undefined,
  );
  refuseUnmatched(selection, [...plan.objects, ...strays]);
  const stray = strays.filter(chosen);
  return {
    plan,
    clones: clones.filter(({ trigger }) => chosen({ name: trigger, kind: 'trigger' })),
    objects: [...statuses.map((status) => listed(status, clones)), ...stray.map((object) => pruned(object, owners))],
    shared: faults.map(({ name, reason }) => `guitars.${name}: ${reason}`),
  };
}

function listed({ object, content, reason, firing }: Omit<ObjectStatus, 'status'>, clones: readonly Clone[]): Listed {
  const { kind, model, table, name, drop, declared } = object;
  const asleep = clones
    .filter(({ root, trigger }) => kind === 'trigger' && trigger === name && tableKey(root.table) === tableKey(table))
    .map(({ partition }) => partition.name);
  const unique = kind === 'index' && /^CREATE UNIQUE /.test(object.create);
  const about = { status: WORDS[content], kind, model, table, name, declared, object, drop, unique };
  if (asleep.length > 0) return { ...about, firing: 'DISABLED', reason: `switched off on ${asleep.join(', ')}` };
  return { ...about, firing: firing && FIRING[firing], reason };
}

function pruned({ kind, name, table, drop, unique }: Stale, owners: ReadonlyMap<string, string>): Listed {
  const model = table && owners.get(tableKey(table));
  return { status: 'PRUNE', kind, model, table, name, drop, unique, reason: 'the models do not call for it' };
}
