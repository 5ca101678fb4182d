import type { Model, Transaction } from 'sequelize';
import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { ident, qualified } from '../../sql/identifiers';
import { TOLD } from '../columns';
import type { Operation } from '../reading/entries';
import { knows, type Located } from '../reading/located';
import { ask, located, type Meta, now, numberOf, refuseFault, seenBy } from './ask';
import { type Cursor, read, written } from './cursor';
import type { Change, Changes, ChangesOptions } from './types';
import { byEntry, byTransaction } from './window';

interface Row extends Meta, Record<string, unknown> {
  entry: string | null;
  operation: Operation;
  number: number;
  at: Date;
  transaction: string;
  actor: string | null;
  comment: string | null;
  context: Record<string, unknown> | null;
}

/**
 * The changes behind a cursor: those of the transactions that it has not seen and the present has, by entry. Two connections
 * write entries of one row one after the other, so that a row's come in the order of its changes, whatever the ids of
 * their transactions; and one that is seen after another's write of the row is in no earlier window.
 */
export async function changesOf<M extends Model>(
  model: ModelClass,
  given?: string | null,
  { limit = 1000, transaction }: ChangesOptions = {},
): Promise<Changes<M>> {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new DefinitionError(
      `${model.name}.changes(…): "limit" is a number of changes, 1 or more, not ${String(limit)}.`,
    );
  const cursor = given == null ? undefined : read(model.name, given);
  const history = await located(model, transaction);
  const rows = await page(history, cursor, limit + 1, transaction);
  const meta = rows[0] as Row;
  const place = refuseFault(model, meta);
  const found = rows.filter(({ entry }) => entry !== null);
  const more = found.length > limit;
  const told = found.slice(0, limit).map((row) => changeOf<M>(history, row));
  const to = cursor?.to ?? seenBy(meta, cursor?.from);
  const ceiling = cursor ? cursor.ceiling : numberOf(meta.ceiling);
  const raises = cursor ? cursor.raises : numberOf(meta.raises);
  const next: Cursor = more
    ? { place, from: cursor?.from, to, last: BigInt(told[told.length - 1]?.entry ?? 0), ceiling, raises }
    : { place, from: to, ceiling };
  return { rows: told, cursor: written(next), more };
}

/** As a rule the entries of a window stand together, and a page is read from where the last one ended; else all are looked at. */
async function page(
  history: Located,
  cursor: Cursor | undefined,
  limit: number,
  transaction: Transaction | null | undefined,
): Promise<Row[]> {
  const asked = (chosen: string) =>
    ask<Row>(history, statement(history, cursor, `${chosen} LIMIT ${limit}`), transaction);
  if (!cursor?.from) return asked(byEntry(cursor));
  if (cursor.last === undefined) return asked(byTransaction(cursor));
  const near = await asked(byEntry(cursor, BigInt(limit) * 50n));
  return near.length === limit ? near : asked(byTransaction(cursor));
}

const META = { entry: '_entry', ...TOLD } as const;

function statement(history: Located, cursor: Cursor | undefined, chosen: string): string {
  const meta = Object.entries(META).map(([name, column]) => `e.${ident(column)} AS "${name}"`);
  // By place: attributes and columns may have any name.
  const values = [...history.attributes.values()].map((column, n) => `e.${ident(column)} AS v${n}`);
  return `WITH ${now(history, cursor)}
    SELECT now.place, now.fault, now.snapshot, now.own, now.highest, now.ceiling, now.raises, ${[...meta, ...values].join(', ')}
    FROM now LEFT JOIN (SELECT * FROM ${qualified(history.history)} WHERE ${chosen}) AS e ON true ORDER BY e._entry`;
}

function changeOf<M extends Model>(history: Located, row: Row): Change<M> {
  const { model, attributes } = history;
  const values = Object.fromEntries(
    [...attributes.keys()].flatMap((name, n) =>
      knows(history, row.entry as string, name) ? [[name, row[`v${n}`]]] : [],
    ),
  );
  return {
    operation: row.operation,
    key: Object.fromEntries(model.primaryKeyAttributes.map((name) => [name, values[name]])) as Change<M>['key'],
    version: row.number,
    at: row.at,
    transaction: row.transaction,
    actor: row.actor,
    comment: row.comment,
    context: row.context,
    values: values as Change<M>['values'],
    entry: row.entry as string,
  };
}
