import { derivedName, ident, qualified } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import { ARCHIVING, doorClosed, KEEP_TIMESTAMPS } from '../../sql/settings';
import type { Graph } from '../graph';
import { type EnforcedObject, trigger, triggerFunction } from '../object';
import type { Table } from '../tables';
import { cascaded, trusted } from './cascaded';
import { namesOf, partsOf } from './names';

/**
 * T1–T4: a BEFORE UPDATE trigger that puts back what the database owns. Its WHEN is false for a statement that says
 * the truth, which then pays for an expression and not for PL/pgSQL. The WHEN is kept short: PostgreSQL parses it anew
 * for each statement, which a long one makes several times as dear when the statement has but one row.
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
    when.push(fast ? `NEW.${updated} IS NULL` : `NEW.${updated} IS DISTINCT FROM now()`);
    when.push(`NEW.${created} IS DISTINCT FROM OLD.${created}`);
  }
  if (table.soft) {
    keep.push(
      `IF NEW.${deleted} IS NOT NULL THEN NEW.${deleted} := coalesce(OLD.${deleted}, pg_catalog.now()); END IF;`,
    );
    // An archiver needs PL/pgSQL anyway where it is a parent. The operator answers NULL, not true, for a restored row.
    when.push(
      graph.isParent(table)
        ? `NEW.${deleted} IS DISTINCT FROM OLD.${deleted}`
        : `NEW.${deleted} <> coalesce(OLD.${deleted}, now())`,
    );
  }
  const archived = `OLD.${deleted} IS NULL AND NEW.${deleted} IS NOT NULL`;
  const inCascade = `coalesce(NEW.${deletion}::pg_catalog.text OPERATOR(pg_catalog.=) pg_catalog.current_setting('${ARCHIVING}', true), false)`;
  // A cascade archives it; a row may be in a partition.
  const target =
    table.partitionKey.length > 0 ? 'coalesce(pg_catalog.pg_partition_root(TG_RELID), TG_RELID)' : 'TG_RELID';
  const mark = linked
    ? `
  IF NOT (${archived}) THEN
    NEW.${deletion} := OLD.${deletion};
  ELSIF pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.<=) 1 OR NOT ${inCascade}
    OR NOT ${trusted(target)} THEN
    -- Not part of a cascade: the row is the root of a deletion of its own.
    NEW.${deletion} := ${graph.isParent(table) ? 'pg_catalog.gen_random_uuid()' : 'NULL'};
  END IF;`
    : '';
  if (linked) {
    const forged = `NEW.${deletion} IS DISTINCT FROM OLD.${deletion}`;
    const stray = `NOT ${cascaded(table)} OR NEW.${deletion}::text IS DISTINCT FROM current_setting('${ARCHIVING}', true)`;
    when.push(
      graph.isParent(table)
        ? forged
        : `CASE WHEN ${archived} THEN NEW.${deletion} IS NOT NULL AND (${stray}) ELSE ${forged} END`,
    );
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
  return trigger(partsOf(table), TRIGGERS.stampModdatetime, {
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
