import { type EnforcedObject, index } from '../../enforcement/object';
import { derivedName, ident, qualified } from '../../sql/identifiers';
import type { History } from '../definition';
import { historyPartsOf } from './parts';

/**
 * By row, by entry (in pages), and by transaction: not BRIN, which reads all that no VACUUM has summarised yet, and that is
 * what a consumer of the changes asks for.
 */
export function historyIndexes(history: History): EnforcedObject[] {
  const made = (job: string, how: string) => {
    const name = derivedName(history.history, job);
    const create = `CREATE INDEX IF NOT EXISTS ${ident(name)} ON ${qualified(history.history)} USING ${how}`;
    return index(historyPartsOf(history), name, create);
  };
  return [
    made('row', `btree (${[...history.key.map(ident), '_entry'].join(', ')})`),
    made('entry', 'btree (_entry)'),
    made('transaction', 'btree (_transaction)'),
  ];
}
