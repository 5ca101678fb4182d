import { Op } from 'sequelize';
import { GuitarsError } from '../errors';
import type { ModelClass } from '../models/capabilities';
import { columnOf, inside } from '../models/internals';
import { columnIn, liveUniqueOn, type ModelIndex } from '../models/uniques';
import { ident, qualified, type TableRef } from '../sql/identifiers';
import { type IndexFacts, sameColumns, uniquesOf } from './indexFacts';
import type { Site, Step } from './step';

/** Drops the full UNIQUE on columns that are now unique among live rows: an archived row would keep its value. */
export function uniqueSteps({ session, table: { table, model, models }, facts }: Site): Step[] {
  return facts.uniques
    .filter((unique) => isReplaced(models, unique))
    .map((unique) => {
      refuseNeeded(model, table, unique);
      const title = `drop ${unique.name}, which is unique among archived rows too`;
      const sql = dropIndex(table, unique);
      return {
        title,
        sql: [sql],
        done: async () => !(await uniquesOf(session, table)).some(({ name }) => name === unique.name),
        run: () => session.brief(title, table, [sql]),
      };
    });
}

/** SQL that drops an index, or the constraint that it serves. */
export function dropIndex(table: TableRef, { name, constraint }: IndexFacts): string {
  if (constraint !== null) return `ALTER TABLE ${qualified(table)} DROP CONSTRAINT ${ident(constraint)}`;
  return `DROP INDEX ${qualified({ schema: table.schema, name })}`;
}

function isReplaced(models: readonly ModelClass[], { name, columns }: IndexFacts): boolean {
  const live = models.map((model) => liveUniqueOn(model, columns)).find((index) => index !== undefined);
  if (!live || live.name === name) return false;
  // One with a condition of its own is unique among some of the rows only: it replaces nothing.
  if (hasOwnCondition(live)) return false;
  return !models.flatMap(keptUniques).some((kept) => sameColumns(kept, columns));
}

export const hasOwnCondition = ({ where }: ModelIndex) => Reflect.ownKeys(where ?? {}).includes(Op.and);

/** The columns of what the model wants unique among all rows. */
function keptUniques(model: ModelClass): string[][] {
  const { uniqueKeys, _indexes } = inside(model);
  const full = (_indexes as ModelIndex[]).filter(({ unique, live, where }) => unique && !live && !where);
  return [...Object.values(uniqueKeys), ...full].map(({ fields }) => fields.map(columnIn));
}

/** @throws GuitarsError a unique index does what none among live rows can do in its place */
export function refuseNeeded(model: ModelClass, table: TableRef, unique: IndexFacts): void {
  const reason = reasonToKeep(table, unique);
  if (reason === undefined) return;
  const { columns, name } = unique;
  const { options, rawAttributes } = inside(model);
  const index = liveUniqueOn(model, columns)?.name ?? name;
  const declared = (options.indexes ?? []).some((each) => each.name === index);
  const attribute = Object.keys(rawAttributes).find((each) => columnOf(model, each) === columns[0]);
  const key = JSON.stringify(declared || columns.length > 1 ? index : attribute);
  throw new GuitarsError(
    `${model.name}: ${reason} let the model keep it unique among all rows: { guitar: { uniqueAmongLive: { ${key}: false } } }.`,
  );
}

/** Why an index cannot go, and what else could be done; ends where the remedy of the model begins. */
function reasonToKeep(table: TableRef, unique: IndexFacts): string | undefined {
  const { name, columns, referredBy, identity, deferrable, nullsNotDistinct } = unique;
  const anew = `${dropIndex(table, unique)}, and make it anew without`;
  if (referredBy !== null)
    return `the foreign key ${referredBy} refers to ${columns.join(', ')} and needs ${name}, unique among all rows. Remove the key, or`;
  if (identity)
    return (
      `${name} is the REPLICA IDENTITY of "${table.name}": without it a publication refuses UPDATE and DELETE, and an index among ` +
      `live rows cannot take its place. Choose another (ALTER TABLE ${qualified(table)} REPLICA IDENTITY DEFAULT is the primary key), or`
    );
  if (deferrable) return `${name} is DEFERRABLE, which no index among live rows can be. ${anew}, or`;
  if (nullsNotDistinct)
    return `${name} is NULLS NOT DISTINCT, which the index of the model is not: rows without a value would no longer be in each other's way. ${anew}, or`;
  return undefined;
}
