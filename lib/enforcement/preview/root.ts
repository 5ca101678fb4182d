import { literal as raw, type Sequelize, type Transaction } from 'sequelize';
import { GuitarsError } from '../../errors';
import { can, type ModelClass, settingsOf } from '../../models/capabilities';
import { columnOf, inside } from '../../models/internals';
import { ident } from '../../sql/identifiers';
import type { Root } from './taken';

/**
 * The row that a preview is of.
 *
 * @throws GuitarsError there is no such row, or the key is none; the transaction goes on
 */
export async function rootOf(
  sequelize: Sequelize,
  model: ModelClass,
  key: object,
  transaction: Transaction,
): Promise<Root> {
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
