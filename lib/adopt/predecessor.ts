import type { EnforcedObject } from '../enforcement/object';
import { GuitarsError } from '../errors';
import { columnIn, liveUniques, type ModelIndex } from '../models/uniques';
import { ident, qualified } from '../sql/identifiers';
import { currentName } from './columns';
import { type IndexFacts, namedAs, sameColumns } from './indexFacts';
import type { Site } from './step';
import { hasOwnCondition, refuseNeeded } from './uniques';

/**
 * The index that makes way for one of the plan: of the same name, table and columns.
 *
 * @throws GuitarsError what has the name means something else, or does what ours cannot
 */
export async function predecessor(site: Site, { name, table }: EnforcedObject): Promise<IndexFacts | undefined> {
  const { model, models, options } = site.table;
  const old = await namedAs(site.session, table, name);
  if (!old) return undefined;
  const ours = models.flatMap(liveUniques).find((each) => each.name === name);
  const other = otherMeaning(site, old, ours);
  if (other === undefined) {
    refuseNeeded(model, table, old);
    return old;
  }
  const ref = qualified({ schema: table.schema, name });
  throw new GuitarsError(
    `${model.name}: the model's index on ${(ours?.fields.map(columnIn) ?? [options.deletionColumn]).join(', ')} is to be called ` +
      `"${name}", which is taken by ${other}. ${old.table === null ? 'Rename that' : `Rename that (ALTER INDEX ${ref} RENAME TO …)`}` +
      `${ours ? ', or give the index of the model a name of its own' : ''}.`,
  );
}

/** What an index is that has the name of ours, and is not what ours replaces. */
function otherMeaning(site: Site, old: IndexFacts, ours: ModelIndex | undefined): string | undefined {
  const { options } = site.table;
  if (old.table === null) return 'something that is no index';
  if (!old.own) return `an index of ${old.table}`;
  if (old.primary) return 'the primary key';
  if (old.sealed) return undefined;
  const now = (column: string) => currentName(site, site.facts.columns, column) ?? column;
  const wanted = (ours?.fields.map(columnIn) ?? [options.deletionColumn]).map(now);
  if (!sameColumns(old.columns, wanted)) return `an index on ${old.columns.map((each) => each || 'an expression')}`;
  if (!ours) return undefined;
  if (!old.unique) return 'an index that is not unique';
  const deleted = now(options.columns.deletedAt);
  const live = [deleted, ident(deleted)].map((column) => `(${column} IS NULL)`);
  if (old.predicate === null || live.includes(old.predicate) || hasOwnCondition(ours)) return undefined;
  return `one of some of the rows only, WHERE ${old.predicate}`;
}
