import { inside } from '../../models/internals';
import { liveUniques } from '../../models/uniques';
import { derivedName, ident, qualified, type TableRef } from '../../sql/identifiers';
import type { Graph } from '../graph';
import { column, type EnforcedObject, index } from '../object';
import type { Table } from '../tables';
import { namesOf, partsOf } from './names';

/** R1: the column that says which deletion archived a row, and an index where rows are looked for by it. */
export function deletionMark(graph: Graph, table: Table): EnforcedObject[] {
  if (!graph.isLinked(table)) return [];
  const { deletion } = namesOf(table);
  const mark = column(partsOf(table), table.options.deletionColumn, 'uuid');
  if (!graph.isSearched(table)) return [mark];
  const name = derivedName(table.table, 'deletion');
  const create = `CREATE INDEX IF NOT EXISTS ${ident(name)} ON ${qualified(table.table)} (${deletion}) WHERE ${deletion} IS NOT NULL`;
  return [mark, index(partsOf(table), name, create)];
}

/** U1: unique among live rows. Sequelize renders the index, as it does in `sync`; names are quoted as all of ours are. */
export function uniqueIndexes(table: Table): EnforcedObject[] {
  // Sequelize's own quoting drops the quotes within a name, and takes it apart at a dot.
  const { queryInterface, sequelize } = inside(table.model);
  const quoting =
    sequelize.options.quoteIdentifiers === false ? {} : { quoteIdentifier: ident, quoteIdentifiers: ident };
  const queryGenerator: typeof queryInterface.queryGenerator = Object.assign(
    Object.create(queryInterface.queryGenerator),
    quoting,
  );
  const all = new Map(table.models.flatMap(liveUniques).map((unique) => [unique.name, unique]));
  return [...all.values()].map((unique) => {
    const sql = queryGenerator.addIndexQuery(sequelizeName(table.table), { ...unique, concurrently: false });
    return index(partsOf(table), unique.name, sql.replace(/^CREATE UNIQUE INDEX/, 'CREATE UNIQUE INDEX IF NOT EXISTS'));
  });
}

const sequelizeName = ({ schema, name }: TableRef) => ({ schema, tableName: name, delimiter: '.' });
