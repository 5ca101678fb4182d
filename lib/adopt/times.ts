import type { EnforcedObject } from '../enforcement/object';
import type { Table } from '../enforcement/tables';
import { GuitarsError } from '../errors';
import { ident, qualified } from '../sql/identifiers';
import type { ColumnFacts, Columns } from './facts';

const TIMESTAMPTZ = 'timestamp with time zone';

/**
 * Looks whether a column can be one of the times.
 *
 * @throws GuitarsError it is of another type, computed, or a time of deletion that every row must have
 */
export function refuseTime(table: Table, columns: Columns, column: string | undefined, isDeletion: boolean): void {
  const facts = column === undefined ? undefined : columns.get(column);
  if (column === undefined || facts === undefined) return;
  const said = `The column "${column}" of "${table.table.name}"`;
  const aside = Object.values(table.options.columns).includes(column)
    ? 'leave it as it is and give the time of the model another column: { guitar: { columns: { … } } }.'
    : 'leave it as it is and add a column of ours: --no-rename.';
  if (facts.generated)
    throw new GuitarsError(`${said} is generated, and no time can be written to it. Drop it, or ${aside}`);
  if (facts.type !== TIMESTAMPTZ) {
    throw new GuitarsError(
      `${said} is ${facts.type}, not ${TIMESTAMPTZ}. ${retype(table, column, facts)}, or ${aside}`,
    );
  }
  if (isDeletion && facts.notNull) {
    throw new GuitarsError(
      `${said} is NOT NULL, and rows that live have no time of deletion. Run ALTER TABLE ${qualified(table.table)} ` +
        `ALTER COLUMN ${ident(column)} DROP NOT NULL and set it to NULL in the rows that live, or ${aside}`,
    );
  }
}

function retype({ table }: Table, column: string, { type }: ColumnFacts): string {
  const alter = `ALTER TABLE ${qualified(table)} ALTER COLUMN ${ident(column)} TYPE timestamptz`;
  // PostgreSQL rewrites no row for a precision that grows; AT TIME ZONE would take the zone off, and put on another.
  if (/^timestamp\(\d\) with time zone$/.test(type)) return `Let it have its full precision (${alter}; that is quick)`;
  if (/^timestamp(\(\d\))? without time zone$/.test(type))
    return `Change its type first (the table is rewritten: ${alter} USING ${ident(column)} AT TIME ZONE 'UTC', or the zone that it is meant in)`;
  return `Change its type first (${alter} USING …)`;
}

/**
 * Looks whether a column that has the name of one of the plan's can be it.
 *
 * @throws GuitarsError it holds something else
 */
export function refuseMark(table: Table, columns: Columns, objects: readonly EnforcedObject[]): void {
  for (const { kind, name } of objects) {
    const facts = kind === 'column' ? columns.get(name) : undefined;
    if (!facts || (facts.type === 'uuid' && !facts.notNull && !facts.generated && facts.default === null)) continue;
    const is = [facts.type, facts.notNull && 'NOT NULL', facts.default && `DEFAULT ${facts.default}`];
    throw new GuitarsError(
      `The column "${name}" of "${table.table.name}" is ${is.filter(Boolean).join(' ')}, and not the nullable uuid in which the ` +
        'database notes what archived a row. Rename it, or give ours another name: { guitar: { deletionColumn: "…" } }.',
    );
  }
}
