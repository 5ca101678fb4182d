import { column, type EnforcedObject, trigger, triggerFunction } from '../../enforcement/object';
import { derivedName, qualified } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import { VERSION_COLUMN } from '../columns';
import type { History } from '../definition';
import { partsOf } from './parts';

/**
 * The column that counts a row's versions, and what counts it. Without a WHEN, which for statements of one row costs more
 * than the function.
 */
export function version(history: History): EnforcedObject[] {
  const parts = partsOf(history);
  const fn = derivedName(history.table, 'version');
  const [before, after] = [`OLD.${VERSION_COLUMN}`, `NEW.${VERSION_COLUMN}`];
  return [
    column(parts, VERSION_COLUMN, 'integer', 'NOT NULL DEFAULT 1'),
    triggerFunction(parts, fn, `  ${after} := ${before} OPERATOR(pg_catalog.+) 1;\n  RETURN NEW;`),
    trigger(parts, TRIGGERS.version, {
      event: 'BEFORE UPDATE',
      level: 'ROW',
      execute: `${qualified({ schema: SCHEMA, name: fn })}()`,
    }),
  ];
}
