import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { refOf } from '../../enforcement/tables';
import type { ModelClass } from '../../models/capabilities';
import { columnOf, inside } from '../../models/internals';
import { ident, MAX_IDENTIFIER_BYTES, qualified, textArray } from '../../sql/identifiers';
import { schemasOf } from '../../triggers/runtime/schemas';
import { type History, historyOf } from '../definition';
import { HistoryError } from '../errors';

/** How a query of ours is sent. */
export interface Asking {
  transaction?: Transaction | null | undefined;
  logging?: boolean | ((sql: string, timing?: number) => void);
  benchmark?: boolean;
  /** To the write server, with Sequelize's option `replication`: a replica may lag behind. Default: `false`. */
  useMaster?: boolean;
}

/** A history where it stands, with the columns that its table has by now. */
export interface Located extends History {
  /** Attributes of which it holds values, or markers, with their columns. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Columns of the model's that it has yet to be given, with their types. */
  readonly lacking: ReadonlyMap<string, string>;
  /** Columns whose values the database makes up, and takes from nobody; identities that it takes only if told to. */
  readonly generated: readonly string[];
  readonly identities: readonly string[];
  /** Columns that are enums in the table, or arrays of them, and text here; with their types. */
  readonly enums: ReadonlyMap<string, string>;
  /** Columns that came later, with the last entry that knows nothing of them. */
  readonly since: ReadonlyMap<string, bigint>;
}

interface Column {
  n: number;
  schema: string;
  kept: boolean;
  name: string;
  type: string;
  made: 'generated' | 'identity' | null;
  enumerated: boolean;
  since: string | null;
}

/**
 * The histories of models, in the schemas where the session finds their tables. Asked each time: a model may be ahead of
 * its history, or behind it, until the next installation.
 *
 * @throws HistoryError there is no history table
 */
export async function locate(models: readonly ModelClass[], how: Asking): Promise<Located[]> {
  const sequelize = models[0]?.sequelize as Sequelize;
  const refs = await placesOf(sequelize, models, how);
  const guesses = models.map((model, n) => historyOf(model, () => refs[n]?.schema ?? '').history.name);
  const tables = refs.map((ref) => (ref.schema ? qualified(ref) : ident(ref.name)));
  const columns = await sequelize.query<Column>(
    `SELECT n::integer AS n, nspname::text AS schema, one.oid <> own.oid AS kept, attname::text AS name,
        format_type(atttypid, atttypmod) AS type,
        CASE WHEN attgenerated <> '' THEN 'generated' WHEN attidentity = 'a' THEN 'identity' END AS made,
        EXISTS (SELECT FROM pg_type AS t JOIN pg_type AS b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
          LEFT JOIN pg_type AS el ON el.oid = b.typelem AND b.typcategory = 'A'
          WHERE t.oid = atttypid AND 'e' IN (b.typtype, el.typtype)) AS enumerated,
        substring(col_description(attrelid, attnum) FROM '^guitars since (\\d+)') AS since
      FROM unnest(${textArray(tables)}, ${textArray(guesses)}) WITH ORDINALITY AS given(ref, history, n)
      JOIN pg_class AS own ON own.oid = to_regclass(given.ref)
      JOIN pg_namespace AS place ON place.oid = own.relnamespace
      JOIN pg_class AS one ON one.relnamespace = own.relnamespace AND (one.oid = own.oid OR one.relname = given.history)
      JOIN pg_attribute ON attrelid = one.oid AND attnum > 0 AND NOT attisdropped`,
    { ...how, type: QueryTypes.SELECT },
  );
  return models.map((model, n) =>
    located(
      model,
      columns.filter((column) => column.n === n + 1),
    ),
  );
}

/** The same of one model. */
export async function locateOne(model: ModelClass, how: Asking): Promise<Located> {
  return (await locate([model], how))[0] as Located;
}

/** The name of a long table's history is made of its schema too, which has to be asked for first where no model names it. */
async function placesOf(sequelize: Sequelize, models: readonly ModelClass[], how: Asking) {
  const refs = models.map((model) => refOf(model.getTableName(), () => ''));
  const long = ({ name }: { name: string }) => Buffer.byteLength(`${name}_history`) > MAX_IDENTIFIER_BYTES;
  if (!refs.some((ref) => ref.schema === '' && long(ref))) return refs;
  return schemasOf(sequelize, models, how);
}

function located(model: ModelClass, columns: readonly Column[]): Located {
  const history = historyOf(model, () => columns[0]?.schema ?? 'public');
  const kept = columns.filter((column) => column.kept).map(({ name }) => name);
  if (kept.length === 0) {
    throw new HistoryError(
      `${model.name} keeps a history, and there is no table ${qualified(history.history)} yet. Call sync() or install(), or run the migrations.`,
    );
  }
  const types = new Map(columns.filter((column) => !column.kept).map(({ name, type }) => [name, type]));
  const madeAs = (how: Column['made']) =>
    columns.filter((column) => !column.kept && column.made === how).map(({ name }) => name);
  const { rawAttributes, _virtualAttributes } = inside(model);
  const attributes = Object.keys(rawAttributes)
    .filter((name) => !_virtualAttributes.has(name))
    .map((name) => [name, columnOf(model, name)] as const)
    .filter(([, column]) => history.columns.includes(column) && kept.includes(column));
  const lacking = history.columns.filter((column) => !kept.includes(column) && types.has(column));
  const enums = columns.filter((column) => !column.kept && column.enumerated);
  const late = columns.filter((column) => column.kept && column.since !== null);
  return {
    ...history,
    enums: new Map(enums.map(({ name, type }) => [name, type])),
    since: new Map(late.map(({ name, since }) => [name, BigInt(since as string)])),
    attributes: new Map(attributes),
    lacking: new Map(lacking.map((column) => [column, types.get(column) as string])),
    generated: madeAs('generated'),
    identities: madeAs('identity'),
  };
}

/** Does an entry tell of an attribute? Not those from before its column was there. */
export function knows({ attributes, since }: Located, entry: string, name: string): boolean {
  const begun = since.get(attributes.get(name) as string);
  return begun === undefined || BigInt(entry) > begun;
}
