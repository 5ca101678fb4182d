import { derivedName, ident, qualified } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import { ARCHIVING, doorClosed, KEEP_TIMESTAMPS } from '../../sql/settings';
import type { Graph } from '../graph';
import { type EnforcedObject, trigger, triggerFunction } from '../object';
import type { Table } from '../tables';
import { namesOf, partsOf } from './names';

/**
 * T1–T4: a BEFORE UPDATE trigger that puts back what the database owns. Its WHEN is false for a statement that says
 * the truth, which then pays for an expression and not for PL/pgSQL.
 */
export function stamp(graph: Graph, table: Table): EnforcedObject[] {
  const parts = partsOf(table);
  const name = derivedName(table.table, 'stamp');
  const { created, updated, deleted, deletion } = namesOf(table);
  const linked = graph.isLinked(table);
  const fast = table.dated && table.options.stamper === 'moddatetime';
  const keep: string[] = [];
  const trust: string[] = [];
  const when: string[] = [];
  if (table.dated) {
    keep.push(`NEW.${created} := OLD.${created};`);
    trust.push(`NEW.${created} := coalesce(NEW.${created}, OLD.${created});`);
    keep.push(`NEW.${updated} := pg_catalog.now();`);
    trust.push(`NEW.${updated} := coalesce(NEW.${updated}, pg_catalog.now());`);
    if (!fast) when.push(`NEW.${updated} IS DISTINCT FROM now()`);
    when.push(`NEW.${created} IS DISTINCT FROM OLD.${created}`);
  }
  if (table.soft) {
    keep.push(`IF NEW.${deleted} IS NOT NULL THEN NEW.${deleted} := coalesce(OLD.${deleted}, pg_catalog.now()); END IF;`);
    const lies = `OLD.${deleted} IS NOT NULL OR NEW.${deleted} IS DISTINCT FROM now()`;
    when.push(`(NEW.${deleted} IS NOT NULL AND NEW.${deleted} IS DISTINCT FROM OLD.${deleted} AND (${lies}))`);
  }
  const archived = `OLD.${deleted} IS NULL AND NEW.${deleted} IS NOT NULL`;
  // NULL matches a setting that was never set, so a mark that is missing is told apart first.
  const apart = `(NEW.${deletion} IS NULL OR NEW.${deletion}::text IS DISTINCT FROM current_setting('${ARCHIVING}', true))`;
  const mark = linked
    ? `
  IF NOT (${archived}) THEN
    NEW.${deletion} := OLD.${deletion};
  ELSIF pg_trigger_depth() <= 1 OR ${apart} THEN
    -- Not part of a cascade: the row is the root of a deletion of its own.
    NEW.${deletion} := ${graph.isParent(table) ? 'pg_catalog.gen_random_uuid()' : 'NULL'};
  END IF;`
    : '';
  if (linked) {
    const own = graph.isParent(table) ? archived : `${archived} AND NEW.${deletion} IS NOT NULL`;
    const forged = `NEW.${deletion} IS DISTINCT FROM OLD.${deletion}`;
    const cascaded = `${archived} AND pg_trigger_depth() > 0 AND NOT (${apart})`;
    when.push(`((${forged} OR (${own})) AND NOT coalesce(${cascaded}, false))`);
  }
  const body = `  IF ${doorClosed(KEEP_TIMESTAMPS)} THEN
    ${keep.join('\n    ')}
  ELSE
    ${trust.join('\n    ') || 'NULL;'}
  END IF;${mark}
  RETURN NEW;`;
  const objects = [
    triggerFunction(parts, name, body),
    trigger(parts, TRIGGERS.stamp, {
      event: 'BEFORE UPDATE',
      level: 'ROW',
      when: when.join('\n    OR '),
      execute: `${qualified({ schema: SCHEMA, name })}()`,
    }),
  ];
  if (fast) objects.push(moddatetime(table));
  return objects;
}

/** The C function of a contrib extension, where a DBA has installed it. */
function moddatetime(table: Table): EnforcedObject {
  const { updated } = namesOf(table);
  return trigger(partsOf(table), TRIGGERS.moddatetime, {
    event: 'BEFORE UPDATE',
    level: 'ROW',
    when: `NEW.${updated} IS DISTINCT FROM now() AND ${doorClosed(KEEP_TIMESTAMPS)}`,
    execute: `moddatetime(${ident(table.options.columns.updatedAt)})`,
  });
}

/** T1 on INSERT: a bulk insert that has a time for some rows sends NULL for the others. */
export function fill(table: Table): EnforcedObject[] {
  if (!table.dated) return [];
  const parts = partsOf(table);
  const name = derivedName(table.table, 'fill');
  const { created, updated } = namesOf(table);
  const body = [created, updated].map((time) => `  NEW.${time} := coalesce(NEW.${time}, pg_catalog.now());`);
  return [
    triggerFunction(parts, name, [...body, '  RETURN NEW;'].join('\n')),
    trigger(parts, TRIGGERS.fill, {
      event: 'BEFORE INSERT',
      level: 'ROW',
      when: `NEW.${created} IS NULL OR NEW.${updated} IS NULL`,
      execute: `${qualified({ schema: SCHEMA, name })}()`,
    }),
  ];
}
