import { QueryTypes, type Sequelize } from 'sequelize';
import { DefinitionError } from '../../errors';
import { ident, qualified } from '../../sql/identifiers';
import { TOLD } from '../columns';
import { hasKey, type RowKey } from './key';
import { type Asking, knows, type Located } from './located';

/** What an entry of a history is of. `baseline`: the row was there when history began, or had changed while nobody looked. */
export type Operation = 'insert' | 'update' | 'archive' | 'restore' | 'delete' | 'baseline';

/** An entry as the database answers it. */
export interface Entry {
  readonly id: string;
  readonly operation: Operation;
  readonly number: number;
  readonly at: Date;
  readonly transaction: string;
  readonly actor: string | null;
  readonly comment: string | null;
  readonly context: Record<string, unknown> | null;
  readonly values: Readonly<Record<string, unknown>>;
  /** What it follows, of the same row; undefined where nothing is known of that. */
  readonly before: { readonly operation: Operation; readonly values: Readonly<Record<string, unknown>> } | undefined;
}

/** Which entries of a row, and in which order. */
export interface Page extends Asking {
  /** At most so many. Default: all. */
  limit?: number;
  /** After so many. Default: 0. */
  offset?: number;
  /** `DESC`: the last first. Default: `ASC`. */
  order?: 'ASC' | 'DESC';
}

/** The entries of one row; `where` and `orderBy` are SQL that knows them as e. */
export interface Wanted extends Page {
  readonly where?: string;
  readonly orderBy?: string;
}

/** Entries of a row, each with the one before it. */
export async function entriesOf(history: Located, key: RowKey, wanted: Wanted = {}): Promise<Entry[]> {
  const { model, attributes } = history;
  const columns = [...attributes.values()];
  const from = qualified(history.history);
  const meta = Object.entries(META).map(([name, column]) => `e.${ident(column)} AS "${name}"`);
  // By place: columns may have any name.
  const values = columns.flatMap((column, n) => [`e.${ident(column)} AS v${n}`, `b.${ident(column)} AS b${n}`]);
  const sql = `SELECT ${[...meta, 'b._operation AS before', 'b._entry AS "beforeId"', ...values].join(', ')}
    FROM ${from} AS e LEFT JOIN LATERAL (
      SELECT * FROM ${from} AS p WHERE ${hasKey(model, key, 'p')} AND p._entry < e._entry ORDER BY p._entry DESC LIMIT 1
    ) AS b ON true
    WHERE ${[hasKey(model, key, 'e'), ...(wanted.where ? [wanted.where] : [])].join(' AND ')}
    ORDER BY ${wanted.orderBy ?? `e._entry ${orderOf(wanted)}`}${paged(wanted)}`;
  const rows = await (model.sequelize as Sequelize).query<Record<string, unknown>>(sql, {
    ...askingOf(wanted),
    type: QueryTypes.SELECT,
  });
  const names = [...attributes.keys()];
  const of = (row: Record<string, unknown>, id: unknown, side: string) =>
    Object.fromEntries(
      names.flatMap((name, n) => (knows(history, id as string, name) ? [[name, row[`${side}${n}`]]] : [])),
    );
  return rows.map((row) => {
    const before = row.before as Operation | null;
    return {
      ...(Object.fromEntries(Object.keys(META).map((name) => [name, row[name]])) as unknown as Entry),
      values: of(row, row.id, 'v'),
      before: before === null ? undefined : { operation: before, values: of(row, row.beforeId, 'b') },
    };
  });
}

const META = { id: '_entry', ...TOLD } as const;

/**
 * SQL: is e of the present row, where its key was another's before? That is what follows the last `delete` that anything
 * follows.
 */
export function isPresent({ model, history }: Located, key: RowKey): string {
  const from = qualified(history);
  return `e._entry > coalesce((SELECT d._entry FROM ${from} AS d WHERE ${hasKey(model, key, 'd')} AND d._operation = 'delete'
      AND d._entry < (SELECT max(l._entry) FROM ${from} AS l WHERE ${hasKey(model, key, 'l')}) ORDER BY d._entry DESC LIMIT 1), 0)`;
}

/** Of what may be more, that which says how a query is sent. */
export function askingOf({ transaction, logging, benchmark, useMaster }: Asking): Asking {
  return {
    ...(transaction === undefined ? {} : { transaction }),
    ...(logging === undefined ? {} : { logging }),
    ...(benchmark === undefined ? {} : { benchmark }),
    ...(useMaster === undefined ? {} : { useMaster }),
  };
}

function orderOf({ order = 'ASC' }: Page): string {
  if (order === 'ASC' || order === 'DESC') return order;
  throw new DefinitionError(`versions are ordered 'ASC', or 'DESC' (the last first); not ${JSON.stringify(order)}.`);
}

function paged({ limit, offset }: Page): string {
  for (const [name, value] of Object.entries({ limit, offset })) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue;
    throw new DefinitionError(`"${name}" is a number of versions, 0 or more; not ${JSON.stringify(value)}.`);
  }
  return `${limit === undefined ? '' : ` LIMIT ${limit}`}${offset ? ` OFFSET ${offset}` : ''}`;
}
