import { ident } from '../../sql/identifiers';
import type { History } from '../definition';

/** The model and the table of the objects on a versioned table. */
export const partsOf = ({ model, table }: History) => ({ model: model.name, table });

/** The same of the objects on its history. */
export const historyPartsOf = ({ model, history }: History) => ({ model: model.name, table: history });

/** An SQL condition: two rows have the same key. As text: the operators of a type may not be within the search_path. */
export const sameKey = ({ key }: History, one: string, other: string) =>
  key.map((column) => `${one}.${ident(column)}::text = ${other}.${ident(column)}::text`).join(' AND ');
