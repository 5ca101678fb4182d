import type { Sequelize, Transaction } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { transactionOf } from '../../models/internals';
import { groundOf } from './ground';
import { hardPreview } from './hard';
import { tableOfModel } from './relations';
import { rootOf } from './root';
import { inSnapshot } from './snapshot';
import { softPreview } from './soft';
import type { DeletePreview } from './types';

/** Options of {@link previewDelete}. */
export interface PreviewOptions {
  /** Looks at what this transaction sees. Default: a snapshot of its own, READ ONLY. */
  transaction?: Transaction | null | undefined;
}

/**
 * What a soft delete and a hard delete of one row would each take along. It asks and changes nothing: no row is written or
 * locked, no trigger fires.
 *
 * @param key the primary key, by attribute
 * @throws GuitarsError there is no such row, or the key is none; the transaction goes on
 */
export async function previewDelete(
  model: ModelClass,
  key: Readonly<Record<string, unknown>>,
  options: PreviewOptions = {},
): Promise<DeletePreview> {
  const sequelize = model.sequelize as Sequelize;
  const current = transactionOf(model, options.transaction);
  if (current) return preview(sequelize, model, key, current);
  return inSnapshot(sequelize, (transaction) => preview(sequelize, model, key, transaction));
}

async function preview(
  sequelize: Sequelize,
  model: ModelClass,
  key: Readonly<Record<string, unknown>>,
  transaction: Transaction,
): Promise<DeletePreview> {
  const root = await rootOf(sequelize, model, key, transaction);
  const known = await groundOf(sequelize, transaction);
  const table = tableOfModel(known.graph, model);
  return {
    model: model.name,
    key: { ...key },
    archived: root.archived,
    soft: table?.soft ? await softPreview(sequelize, transaction, root, { ...known, table }) : null,
    hard: await hardPreview(sequelize, transaction, root, known),
  };
}
