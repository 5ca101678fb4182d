import { literal, type Model, QueryTypes } from 'sequelize';
import { timesOf } from './attributes';
import { bulkWork } from './bulkWork';
import { can, type ModelClass, settingsOf } from './capabilities';
import { columnOf, inside } from './internals';
import { settle } from './settle';
import { type BulkOptions, bulkOptions } from './where';

/** The two edges of a row's life: the state that they leave, and their hooks. */
const EDGES = {
  destroy: { from: 'live', hook: 'Destroy' },
  restore: { from: 'archived', hook: 'Restore' },
} as const;

/** The columns that an edge writes. `now()` is what the trigger would put there. */
export function edgeValues(model: ModelClass, edge: keyof typeof EDGES): Record<string, unknown> {
  const { columns } = settingsOf(model);
  const now = literal('NOW()');
  return {
    [columns.deletedAt]: edge === 'destroy' ? now : null,
    ...(can(model, 'dated') ? { [columns.updatedAt]: now } : {}),
  };
}

/** Archives or restores the rows that `options` pick, with hooks; answers how many rows really changed state. */
export async function bulkEdge(model: ModelClass, edge: keyof typeof EDGES, given?: BulkOptions): Promise<number> {
  const options: BulkOptions = { ...bulkOptions(model, edge, given), type: QueryTypes.BULKUPDATE, model };
  return bulkWork(model, options, EDGES[edge], async (where, instances, rest) => {
    const own = inside(model);
    // The rows of a limit are picked by SQL in which there are values already, and of lists Sequelize writes the values, too:
    // no "$1" in them is a parameter, and no "$$" a "$".
    const bind = { bindParam: false };
    const write = (extra: object) =>
      own.queryInterface.bulkUpdate(
        own.getTableName(),
        edgeValues(model, edge),
        where,
        { ...rest, ...extra, ...bind },
        own.rawAttributes,
      );
    if (!instances) return (await write({ omitNull: false, returning: false })) as number;
    return refresh(model, instances, await write({ omitNull: false, raw: true, returning: returned(model) }));
  });
}

/** The columns that tell which rows were written, and what the database made of their times. */
function returned(model: ModelClass): string[] {
  const times = timesOf(model).map((time) => settingsOf(model).columns[time]);
  return [...model.primaryKeyAttributes.map((name) => columnOf(model, name)), ...times];
}

/** Puts the times that came back on the instances, for their after-hooks; answers how many rows came back. */
function refresh(model: ModelClass, instances: readonly Model[], written: unknown): number {
  // Sequelize asks for columns and answers attributes.
  const rows = written as Record<string, unknown>[];
  const keys = model.primaryKeyAttributes;
  const { attributes } = settingsOf(model);
  const byKey = new Map(rows.map((row) => [JSON.stringify(keys.map((name) => row[name])), row]));
  for (const instance of instances) {
    const row = byKey.get(JSON.stringify(keys.map((name) => instance.getDataValue(name as never))));
    for (const time of row ? timesOf(model) : []) settle(instance, attributes[time], row?.[attributes[time]]);
  }
  return rows.length;
}
