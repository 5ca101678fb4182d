import { Op } from 'sequelize';
import { GuitarsError } from '../errors';
import type { ModelClass } from '../models/capabilities';
import { columnOf, inside } from '../models/internals';
import { columnIn, liveUniqueOn, type ModelIndex } from '../models/uniques';
import { ident, qualified, type TableRef } from '../sql/identifiers';
import { type UniqueFacts, uniquesOf } from './facts';
import type { Site, Step } from './step';

/** Drops the full UNIQUE on columns that are now unique among live rows: an archived row would keep its value. */
export function uniqueSteps({ session, table: { table, model, models }, facts }: Site): Step[] {
  return facts.uniques
    .filter((unique) => isReplaced(models, unique))
    .map((unique) => {
      refuseReferred(model, unique);
      const title = `drop ${unique.name}, which is unique among archived rows too`;
      const sql = dropUnique(table, unique);
      return {
        title,
        sql: [sql],
        done: async () => !(await uniquesOf(session, table)).some(({ name }) => name === unique.name),
        run: () => session.brief(title, table, [sql]),
      };
    });
}

/** SQL that drops a unique constraint or index. */
export function dropUnique(table: TableRef, { name, constraint }: UniqueFacts): string {
  if (constraint !== null) return `ALTER TABLE ${qualified(table)} DROP CONSTRAINT ${ident(constraint)}`;
  return `DROP INDEX ${qualified({ schema: table.schema, name })}`;
}

function isReplaced(models: readonly ModelClass[], { name, columns }: UniqueFacts): boolean {
  const live = models.map((model) => liveUniqueOn(model, columns)).find((index) => index !== undefined);
  if (!live || live.name === name) return false;
  // One with a condition of its own is unique among some of the rows only: it replaces nothing.
  if (Reflect.ownKeys(live.where ?? {}).includes(Op.and)) return false;
  return !models.flatMap(keptUniques).some((kept) => sorted(kept) === sorted(columns));
}

/** The columns of what the model wants unique among all rows. */
function keptUniques(model: ModelClass): string[][] {
  const { uniqueKeys, _indexes } = inside(model);
  const full = (_indexes as ModelIndex[]).filter(({ unique, live, where }) => unique && !live && !where);
  return [...Object.values(uniqueKeys), ...full].map(({ fields }) => fields.map(columnIn));
}

const sorted = (columns: readonly string[]) => [...columns].sort().join('\0');

/** @throws GuitarsError a foreign key refers to the columns, and no key can refer to a partial index */
export function refuseReferred(model: ModelClass, { name, columns, referredBy }: UniqueFacts): void {
  if (referredBy === null) return;
  const { options, rawAttributes } = inside(model);
  const index = liveUniqueOn(model, columns)?.name ?? name;
  const declared = (options.indexes ?? []).some((each) => each.name === index);
  const attribute = Object.keys(rawAttributes).find((each) => columnOf(model, each) === columns[0]);
  const key = JSON.stringify(declared || columns.length > 1 ? index : attribute);
  throw new GuitarsError(
    `${model.name}: the foreign key ${referredBy} refers to ${columns.join(', ')} and needs ${name}, unique among all rows. ` +
      `Let the model keep it so: { guitar: { uniqueAmongLive: { ${key}: false } } }.`,
  );
}
