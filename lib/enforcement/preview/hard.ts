import type { Sequelize, Transaction } from 'sequelize';
import { tableKey } from '../../sql/identifiers';
import type { Graph } from '../graph';
import { namesOf } from '../kinds/names';
import { type Key, reachable } from './keys';
import { type ModelOf, rowsOf, total } from './names';
import { guardsInOrder } from './order';
import { type Root, takenFrom } from './taken';
import type { HardPreview, PreviewRefusal } from './types';

/** What removing a row physically would do: the database's own keys, over every row, live or archived. */
export async function hardPreview(
  sequelize: Sequelize,
  transaction: Transaction,
  root: Root,
  known: { graph: Graph; keys: readonly Key[]; modelOf: ModelOf },
): Promise<HardPreview> {
  const keys = reachable(known.keys, root.part).map((key) => ({ ...key, archived: archivedIn(known.graph, key) }));
  const steps = keys.filter(({ action }) => action === 'CASCADE');
  const guards = keys.filter(({ action }) => action !== 'CASCADE');
  const taken = await takenFrom(sequelize, transaction, root, steps, guards);
  const isContested = guards.some((key, n) => reasonOf(key) && !key.deferred && taken.guards[n]?.within);
  const ordered = isContested ? await guardsInOrder(sequelize, transaction, root, keys) : undefined;
  const refusedBy: PreviewRefusal[] = [];
  for (const [n, key] of guards.entries()) {
    const beyond = taken.guards[n]?.beyond ?? 0;
    const rows = key.deferred ? beyond : (ordered?.[keys.indexOf(key)] ?? beyond);
    const reason = reasonOf(key);
    if (reason && rows > 0) refusedBy.push({ ...about(key, known.modelOf), rows, reason });
  }
  const cuts = guards
    .map((key, n) => ({ key, rows: taken.guards[n]?.beyond ?? 0 }))
    .filter(({ key, rows }) => rows > 0 && key.action.startsWith('SET'))
    .map(({ key, rows }) => ({
      ...about(key, known.modelOf),
      rows,
      becomes: key.action === 'SET NULL' ? ('NULL' as const) : ('DEFAULT' as const),
    }));
  const takes = await rowsOf(sequelize, transaction, taken.rows, root.part, known.modelOf);
  return { does: refusedBy.length > 0 ? 'refuse' : 'remove', rows: total(takes), takes, refusedBy, cuts };
}

function reasonOf({ action, notNull }: Key): PreviewRefusal['reason'] | undefined {
  if (action === 'RESTRICT' || action === 'NO ACTION') return action;
  return action === 'SET NULL' && notNull ? 'NOT NULL' : undefined;
}

/** SQL: is a child of this key archived? Of a partition, its partitioned table's model says. */
function archivedIn({ tables }: Graph, { schema, table }: Key): string | undefined {
  const own = tableKey({ schema, name: table });
  const found = tables.find(
    (each) => each.soft && [each.table, ...each.partitions].some((ref) => tableKey(ref) === own),
  );
  return found && `c.${namesOf(found).deleted} IS NOT NULL`;
}

function about({ schema, table, columns, constraint }: Key, modelOf: ModelOf) {
  return { schema, table, model: modelOf({ schema, name: table }), constraint, columns };
}
