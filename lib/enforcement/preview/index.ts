import { literal as raw, type Sequelize, Transaction } from 'sequelize';
import { GuitarsError } from '../../errors';
import { can, type ModelClass, settingsOf } from '../../models/capabilities';
import { columnOf, inside, transactionOf } from '../../models/internals';
import { ident } from '../../sql/identifiers';
import { livePlan } from '../session';
import { hardPreview } from './hard';
import { keysOf } from './keys';
import { modelsOf } from './names';
import { tableOfModel } from './relations';
import { softPreview } from './soft';
import type { Root } from './taken';
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
  const isolationLevel = Transaction.ISOLATION_LEVELS.REPEATABLE_READ;
  return sequelize.transaction({ isolationLevel, logging: false }, async (transaction) => {
    await sequelize.query('SET TRANSACTION READ ONLY', { transaction, logging: false });
    return preview(sequelize, model, key, transaction);
  });
}

async function preview(
  sequelize: Sequelize,
  model: ModelClass,
  key: Readonly<Record<string, unknown>>,
  transaction: Transaction,
): Promise<DeletePreview> {
  const root = await rootOf(sequelize, model, key, transaction);
  const { graph } = await livePlan(sequelize, {}, transaction);
  const keys = await keysOf(sequelize, transaction);
  const modelOf = await modelsOf(sequelize, transaction);
  const known = { graph, keys, modelOf };
  const table = tableOfModel(graph, model);
  return {
    model: model.name,
    key: { ...key },
    archived: root.archived,
    soft: table?.soft ? await softPreview(sequelize, transaction, root, { ...known, table }) : null,
    hard: await hardPreview(sequelize, transaction, root, known),
  };
}

async function rootOf(sequelize: Sequelize, model: ModelClass, key: object, transaction: Transaction): Promise<Root> {
  const run = (sql: string) => sequelize.query(sql, { transaction, logging: false });
  const column = (name: string) => `${ident(model.name)}.${ident(name)}`;
  const archived = can(model, 'soft')
    ? `${column(columnOf(model, settingsOf(model).attributes.deletedAt))} IS NOT NULL`
    : 'false';
  // What the database cannot read would end the caller's transaction.
  await run('SAVEPOINT guitars_preview');
  const found = await inside(model)
    .unscoped()
    .findOne({
      where: key,
      attributes: [
        [raw(`${ident(model.name)}.tableoid::text`), 'part'],
        [raw(`${ident(model.name)}.ctid::text`), 'place'],
        [raw(archived), 'archived'],
      ],
      paranoid: false,
      raw: true,
      hooks: false,
      useMaster: true,
      logging: false,
      transaction,
    })
    .catch(async (error) => {
      await run('ROLLBACK TO SAVEPOINT guitars_preview').catch(() => undefined);
      if (/^22/.test(error?.parent?.code ?? '')) throw noKey(model, key, error);
      throw error;
    });
  await run('RELEASE SAVEPOINT guitars_preview');
  if (!found) throw noRow(model, key);
  return found as unknown as Root;
}

function noRow(model: ModelClass, key: object): GuitarsError {
  return new GuitarsError(
    `There is no ${model.name} with ${told(key)}. Give the primary key of a row that exists, live or archived.`,
  );
}

function noKey(model: ModelClass, key: object, cause: Error): GuitarsError {
  return new GuitarsError(
    `${told(key)} is no primary key of ${model.name} (${cause.message}). Give a value that its column can hold.`,
    { cause },
  );
}

const told = (key: object) =>
  Object.entries(key)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
