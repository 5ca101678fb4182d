import type { Sequelize, Transaction } from 'sequelize';
import type { Graph } from '../graph';
import { namesOf } from '../kinds/names';
import { type Key, reachable, uncuttable } from './keys';
import { type ModelOf, rowsOf, total } from './names';
import { guardsInOrder } from './order';
import { softTableOf } from './relations';
import { type Hop, type Root, takenFrom } from './taken';
import type { HardPreview, PreviewRefusal } from './types';

/** Children that refuse, for a reason, or whose link is cut. */
interface Guard extends Hop {
  readonly key: Key;
  readonly reason?: PreviewRefusal['reason'];
}

/** What removing a row physically would do: the database's own keys, over every row, live or archived. */
export async function hardPreview(
  sequelize: Sequelize,
  transaction: Transaction,
  root: Root,
  known: { graph: Graph; keys: readonly Key[]; modelOf: ModelOf },
): Promise<HardPreview> {
  const keys: Key[] = reachable(known.keys, [root.part]).map((key) => ({
    ...key,
    archived: archivedIn(known.graph, key),
  }));
  const steps = keys.filter(({ action }) => action === 'CASCADE');
  const guards = keys.filter(({ action }) => action !== 'CASCADE').flatMap(guardsOf);
  const taken = await takenFrom(sequelize, transaction, [root], steps, guards);
  const isContested = guards.some((guard, n) => isOrdered(guard) && taken.guards[n]?.within);
  const ordered = isContested ? await guardsInOrder(sequelize, transaction, root, keys) : undefined;
  const found = guards.map((guard, n) => {
    const seen = isOrdered(guard) ? ordered?.[keys.indexOf(guard.key)] : undefined;
    return { ...guard, rows: seen ?? taken.guards[n]?.beyond ?? 0 };
  });
  const refusedBy = found.flatMap(({ key, rows, reason }) =>
    reason && rows > 0 ? [{ ...about(key, known.modelOf), rows, reason }] : [],
  );
  const cuts = found
    .filter(({ rows, reason }) => !reason && rows > 0)
    .map(({ key, rows }) => ({
      ...about(key, known.modelOf),
      rows,
      becomes: key.action === 'SET NULL' ? ('NULL' as const) : ('DEFAULT' as const),
    }));
  const takes = await rowsOf(sequelize, transaction, taken.rows, root.part, known.modelOf);
  return { does: refusedBy.length > 0 ? 'refuse' : 'remove', rows: total(takes), takes, refusedBy, cuts };
}

const STAYS = 'NOT EXISTS (SELECT FROM taken AS x WHERE x.part = d.tableoid AND x.place = d.ctid)';

function guardsOf(key: Key): Guard[] {
  const { action } = key;
  if (action === 'RESTRICT' || action === 'NO ACTION') return [{ ...key, key, reason: action }];
  const fails = uncuttable(key, STAYS);
  if (!fails) return [{ ...key, key }];
  const reason = action === 'SET NULL' ? 'NOT NULL' : 'SET DEFAULT';
  return [
    { ...key, key, reason, where: `(${fails})` },
    { ...key, key, where: `NOT (${fails})` },
  ];
}

/** May it see a child that the same deletion removes? */
const isOrdered = ({ key, reason }: Guard) => reason !== undefined && reason !== 'SET DEFAULT' && !key.deferred;

/** SQL: is a child of this key archived? */
function archivedIn(graph: Graph, { holder }: Key): string | undefined {
  const found = softTableOf(graph, holder);
  return found && `c.${namesOf(found).deleted} IS NOT NULL`;
}

function about({ holder: { schema, name }, columns, constraint }: Key, modelOf: ModelOf) {
  return { schema, table: name, model: modelOf({ schema, name }), constraint, columns };
}
