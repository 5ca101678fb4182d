import { type TableRef, tableKey } from '../../sql/identifiers';
import { type ObjectStatus, statusesOf } from '../catalog';
import type { EnforcedObject } from '../object';
import { type Stale, stale } from '../objects/stale';
import type { Plan } from '../plan';
import { isNewer, type SharedFault, sharedFaults, sharedVersion } from '../shared';
import { EVERY, type Finding, failure, type Subject, warning } from './finding';
import { finding, needs } from './needs';
import { rebuilt } from './rebuild';
import { shell } from './shell';

/** The functions that all tables share, and the objects of each. */
export async function objects(subject: Subject): Promise<Finding[]> {
  const { sequelize, plan, tables } = subject;
  const version = await sharedVersion(sequelize);
  if (version === undefined) return noFunctions(subject);
  const faults = isNewer(version) ? [] : await sharedFaults(sequelize);
  const found = isNewer(version) ? [newer(version)] : faults.map(sharedFinding);
  // What the catalog holds is read by this function: edited, it could say anything.
  if (faults.some(({ name }) => name === 'definition')) return found;
  const owners = new Map<string, string>();
  const looked = [...tables, ...plan.plain];
  for (const { name, table, partitions } of looked)
    for (const ref of [table, ...partitions]) owners.set(tableKey(ref), name);
  const refs = looked.flatMap(({ table, partitions }) => [table, ...partitions]);
  const statuses = await statusesOf(sequelize, plan.objects);
  const current = statuses.filter(({ content }) => content === 'current').map(({ object }) => object);
  const { forged, failure: why } = subject.rebuild ? await rebuilt(sequelize, current) : { forged: [] };
  return [
    ...found,
    ...(why ? [unproven(why)] : []),
    ...(await needs(subject)),
    ...statuses.filter(({ status }) => status !== 'installed').map(objectFinding),
    ...forged.map(forgedFinding),
    ...(await stale(sequelize, plan, refs)).map((object) => staleFinding(object, owners, isServed(plan, object))),
  ];
}

function noFunctions({ plan }: Subject): Finding[] {
  const models = [...new Set(plan.objects.map(({ model }) => model))];
  return models.map((model) => {
    const message = 'enforcement was never installed in this database. Run install(sequelize) or your migrations.';
    return failure('no_functions', model, message, { remedy: 'guitars install' });
  });
}

function newer(version: number): Finding {
  const message = `the shared functions are of version ${version}, newer than this package, which cannot judge them. Upgrade sequelize-guitars.`;
  return warning('shared_function', EVERY, message);
}

function sharedFinding({ name, kind, reason }: SharedFault): Finding {
  const message = `the shared ${kind} guitars.${name} is not as the package made it: ${reason}. Run install(sequelize).`;
  return failure('shared_function', EVERY, message, { remedy: 'guitars install' });
}

function objectFinding(found: ObjectStatus): Finding {
  const { object, status, reason, content } = found;
  const { kind, name, model } = object;
  const what = `the ${kind} ${name} is ${status}: ${reason}`;
  if (status !== 'disabled' || content !== 'current') return finding(model, what, found);
  const remedy = `guitars enable --model ${shell(model)} --name ${shell(name)}`;
  return failure(status, model, `${what}. Run install(sequelize) or your migrations.`, { remedy });
}

function forgedFinding({ kind, name, model }: EnforcedObject): Finding {
  const remedy = `guitars install --force --model ${shell(model)} --name ${shell(name)}`;
  const message = `the ${kind} ${name} is drifted: it was edited, and its comment made to say otherwise. Run: ${remedy}`;
  return failure('drifted', model, message, { remedy });
}

function unproven(why: string): Finding {
  const message = `objects could be judged by their comments only, since no temporary tables can be made (${why}). Audit as a role that may make them, on the primary server.`;
  return warning('unproven', EVERY, message);
}

/** Do the models call for anything on its table? If not, it may be another application's. */
const isServed = ({ graph, objects: planned }: Plan, { table }: Stale) =>
  table === undefined || [...graph.tables, ...planned].some((each) => tableKey(each.table) === tableKey(table));

function staleFinding(
  { kind, name, table, unique }: Stale,
  owners: ReadonlyMap<string, string>,
  served: boolean,
): Finding {
  const model = table ? ownerOf(table, owners) : EVERY;
  const on = table ? ` on ${table.name}` : '';
  if ((kind === 'trigger' || kind === 'rule') && served) {
    const message = `the ${kind} ${name}${on} is not what the models call for. Run install(sequelize), which retires it.`;
    return failure('unexpected', model, message, { remedy: `guitars install --model ${shell(model)}` });
  }
  const remedy = `guitars prune${table ? ` --model ${shell(model)}` : ''} --name ${shell(name)}`;
  const harm = unique
    ? 'and still refuses rows'
    : served
      ? 'and does nothing any more'
      : 'and may be another application’s';
  const message = `the ${kind} ${name}${on} is not what the models call for, ${harm}. Run: ${remedy}`;
  return (unique ? failure : warning)('unexpected', model, message, { remedy });
}

const ownerOf = (table: TableRef, owners: ReadonlyMap<string, string>) => owners.get(tableKey(table)) ?? table.name;
