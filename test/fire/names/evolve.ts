import type { ColumnSpec, LinkSpec, TableSpec, WorldSpec } from './spec';
import { keyOf, quote, tableName } from './tables';

const NEXT = { CASCADE: 'RESTRICT', RESTRICT: 'SET NULL', 'NO ACTION': 'CASCADE', 'SET NULL': 'NO ACTION' } as const;
const ADDED: ColumnSpec = { attribute: 'added', column: 'added $1 by "evolution"', kind: 'text' };
const moved = (spec: WorldSpec) => ({ ...spec.tables[0]?.others[0], column: spec.spare }) as ColumnSpec;

/** Is it a table of ours without the triggers that it declares? One that is plain then is left to `guitars prune`. */
const isKnown = ({ rung, versioned }: TableSpec) => rung !== 'plain' || versioned;

/** The world as it is some time later: a column has another name, one has come, every engine and every key is another. */
export function evolve(spec: WorldSpec): WorldSpec {
  const tables = spec.tables.map((table, n): TableSpec => {
    const others = n === 0 ? [moved(spec), ...table.others.slice(1)] : table.others;
    return {
      ...table,
      engine: table.engine === 'rule' ? 'trigger' : 'rule',
      others: spec.orm ? others : [...others, ADDED],
      triggers: isKnown(table) ? table.triggers.slice(1) : table.triggers,
    };
  });
  const links = spec.links.map((link): LinkSpec => ({ ...link, onDelete: NEXT[link.onDelete], policy: undefined }));
  return { ...spec, tables, links };
}

/** What an application's own migration does to the tables for it, and to undo it. */
export function evolving(spec: WorldSpec): { up: string[]; down: string[] } {
  const after = evolve(spec);
  const table = spec.tables[0] as TableSpec;
  const rename = (from: string, to: string) =>
    `ALTER TABLE ${tableName(table)} RENAME COLUMN ${quote(from)} TO ${quote(to)}`;
  const [from, to] = [table.others[0]?.column as string, spec.spare];
  const added = spec.orm ? [] : spec.tables;
  const keys = (spec: WorldSpec) =>
    spec.links.map((link) => {
      const child = tableName(spec.tables[link.child] as TableSpec);
      return `ALTER TABLE ${child} DROP CONSTRAINT ${quote(link.constraint)}, ${keyOf(spec, link)}`;
    });
  return {
    up: [
      rename(from, to),
      ...added.map((each) => `ALTER TABLE ${tableName(each)} ADD COLUMN ${quote(ADDED.column)} text`),
      ...keys(after),
    ],
    down: [
      rename(to, from),
      ...added.map((each) => `ALTER TABLE ${tableName(each)} DROP COLUMN ${quote(ADDED.column)}`),
      ...keys(spec),
    ],
  };
}
