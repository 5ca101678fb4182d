import type { Sequelize } from 'sequelize';
import { select } from '../../enforcement/catalog';
import type { AnyModel, ModelClass } from '../../models/capabilities';
import { literal, qualified, tableKey, textArray } from '../../sql/identifiers';
import { versionedModels } from '../models';
import { type Located, locate } from '../reading/located';

/** A history where retention works. */
export interface Ground {
  readonly history: Located;
  /** Quoted. */
  readonly table: string;
  /** Types of the columns of the key. */
  readonly types: readonly string[];
  readonly partitioned: boolean;
}

/**
 * The histories of models, each once, whichever models share it.
 *
 * @throws DefinitionError a model keeps none
 * @throws HistoryError there is no table for one
 */
export async function groundsOf(sequelize: Sequelize, models?: readonly AnyModel[]): Promise<Ground[]> {
  const chosen = (models as readonly ModelClass[] | undefined) ?? versionedModels(sequelize);
  if (chosen.length === 0) return [];
  const grounds = new Map<string, Ground>();
  for (const history of await locate(chosen, { useMaster: true })) {
    const place = tableKey(history.history);
    if (!grounds.has(place)) grounds.set(place, await groundOf(sequelize, history));
  }
  return [...grounds.values()];
}

async function groundOf(sequelize: Sequelize, history: Located): Promise<Ground> {
  const table = qualified(history.history);
  const key = textArray(history.key);
  const [row] = await select<{ partitioned: boolean; types: string[] }>(
    sequelize,
    `SELECT relkind = 'p' AS partitioned, (SELECT array_agg(format_type(atttypid, atttypmod) ORDER BY array_position(${key}, attname::text))
        FROM pg_attribute WHERE attrelid = c.oid AND attname = ANY (${key}) AND NOT attisdropped) AS types
      FROM pg_class AS c WHERE oid = ${literal(table)}::regclass`,
  );
  return { history, table, partitioned: row?.partitioned ?? false, types: row?.types ?? [] };
}
