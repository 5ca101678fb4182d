import { derivedName, qualified } from '../../sql/identifiers';
import { SCHEMA, TRIGGERS } from '../../sql/names';
import type { Graph } from '../graph';
import { type EnforcedObject, triggerFunction } from '../object';
import type { Table } from '../tables';
import { comparesForeignTypes } from '../types';
import { letGo, onDelete } from './letGo';
import { partsOf } from './names';

/**
 * A rule belongs to the table that a statement names. A DELETE of a table that this one inherits from, or is attached to
 * as a partition, goes round it, and DROP … CASCADE of a parent takes it away, since its condition reads that parent. What
 * comes as far as a row is refused, unless the door is open or a key's own cascade is taking the row along (`letGo`).
 */
export function bypassGuard(graph: Graph, table: Table): EnforcedObject[] {
  const parts = partsOf(table);
  const name = derivedName(table.table, 'bypass');
  const foreignTypes = comparesForeignTypes(graph, table);
  return [
    triggerFunction(parts, name, `${letGo(graph, table)}  ${REFUSAL}`, { definer: true, foreignTypes }),
    ...onDelete(graph, table, [TRIGGERS.bypass, TRIGGERS.bypassCascaded], qualified({ schema: SCHEMA, name })),
  ];
}

const REFUSAL = `RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
    MESSAGE = format('DELETE of table "%s" would remove rows that are kept', TG_TABLE_NAME),
    DETAIL = 'The rule that archives them is not there, or the statement went round it.',
    HINT = format('Send the DELETE to the table "%s" itself; where it names that, run install.', TG_TABLE_NAME),
    SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;`;
