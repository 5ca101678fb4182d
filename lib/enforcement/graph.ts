import { type TableRef, tableKey } from '../sql/identifiers';
import { checkOverrides, type Edge, edgesOf } from './edges';
import type { SchemaOf, Table } from './tables';

/** The tables and the foreign keys between them: who goes with whom. */
export class Graph {
  readonly edges: readonly Edge[];

  constructor(
    readonly tables: readonly Table[],
    schemaOf: SchemaOf,
  ) {
    checkOverrides(tables);
    this.edges = edgesOf(tables, schemaOf);
  }

  /** The table that this is, or is a partition of. */
  at(ref: TableRef): Table | undefined {
    const is = (other: TableRef) => tableKey(other) === tableKey(ref);
    return this.tables.find(({ table }) => is(table)) ?? this.tables.find(({ partitions }) => partitions.some(is));
  }

  /** Keys under which a live row of this table needs a live parent. */
  liveEdges(table: Table): Edge[] {
    return this.edges.filter((edge) => edge.child === table && edge.policy !== 'keep');
  }

  /** Keys by which archiving a row of this table reaches its children. */
  dependants(table: Table, policy?: 'cascade' | 'restrict'): Edge[] {
    return this.edges.filter(
      (edge) => edge.softParent === table && edge.policy !== 'keep' && (!policy || edge.policy === policy),
    );
  }

  /** Keys whose ON DELETE CASCADE removes rows of this table physically. */
  cascadeKeys(table: Table): Edge[] {
    return this.edges.filter((edge) => edge.child === table && edge.onDelete === 'CASCADE');
  }

  isParent(table: Table): boolean {
    return this.dependants(table).length > 0;
  }

  /** Does a deletion leave its mark on rows of this table? */
  isLinked(table: Table): boolean {
    return this.isParent(table) || this.liveEdges(table).length > 0;
  }

  /** The tables that a cascade from this one may reach; this one only if a cycle leads back. */
  reach(table: Table): Table[] {
    const found = new Map<string, Table>();
    const visit = (from: Table) => {
      for (const { child } of this.dependants(from, 'cascade')) {
        if (found.has(tableKey(child.table))) continue;
        found.set(tableKey(child.table), child);
        visit(child);
      }
    };
    visit(table);
    return [...found.values()];
  }

  /** May archiving a row of this table reach, or be guarded by, other rows of it? */
  isCyclic(table: Table): boolean {
    return [table, ...this.reach(table)].some((from) => this.dependants(from).some(({ child }) => child === table));
  }

  /** Is a row of this table looked for by its deletion, at the end of a cascade? */
  isSearched(table: Table): boolean {
    const live = this.liveEdges(table);
    if (!live.some(({ policy }) => policy === 'cascade')) return false;
    return live.length > 1 || this.dependants(table, 'restrict').length > 0;
  }
}
