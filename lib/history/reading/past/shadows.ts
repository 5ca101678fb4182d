import type { ModelClass } from '../../../models/capabilities';
import { ident, qualified } from '../../../sql/identifiers';
import type { Located } from '../located';
import type { Moment } from '../moment';

/** What stands for the tables of some models in a query: each what its rows were at a moment. */
export class Shadows {
  readonly #names = new Map<string, string>();
  readonly #past: ReadonlyMap<string, Located>;

  constructor(
    /** That of the model which is asked comes first. */
    private readonly histories: readonly Located[],
    private readonly moment: Moment,
  ) {
    this.#past = new Map(histories.map((history) => [nameOf(history.model), history]));
    for (const name of this.#past.keys()) this.#names.set(name, `guitars_past_${this.#names.size}`);
  }

  /** The name that a query is to have for the table of a model. */
  of(model: ModelClass): string | undefined {
    return this.#names.get(nameOf(model));
  }

  /** The columns of a model of which history tells. */
  knows(model: ModelClass, column: string): boolean {
    const { attributes, filtered, lacking } = this.#past.get(nameOf(model)) as Located;
    return lacking.has(column) || ([...attributes.values()].includes(column) && !filtered.includes(column));
  }

  /** SQL: the WITH clause that a query needs. */
  get with(): string {
    const each = [...this.#past].map(
      ([name, history]) =>
        // As often as it is named: what the query asks of it is better asked of the history itself.
        `${ident(this.#names.get(name) as string)} AS NOT MATERIALIZED (${rows(history, this.moment(history, this.histories[0] as Located))})`,
    );
    return `WITH ${each.join(', ')}`;
  }
}

/** SQL: the rows as they were, each by the last of its entries that had been made. */
function rows({ history, key, attributes, filtered, lacking }: Located, moment: string): string {
  const kept = [...new Set(attributes.values())].filter((column) => !filtered.includes(column)).map(ident);
  const later = [...lacking].map(([column, type]) => `NULL::${type} AS ${ident(column)}`);
  // Downwards, all of it: so the index (key, _entry) is read backwards.
  const order = [...key.map(ident), '_entry'].map((column) => `${column} DESC`).join(', ');
  return `SELECT ${[...kept, ...later].join(', ')} FROM (SELECT DISTINCT ON (${key.map(ident).join(', ')}) * FROM ${qualified(history)}
    WHERE ${moment} ORDER BY ${order}) AS last WHERE _operation <> 'delete'`;
}

/** What tells models apart, whatever scope they are in; two may have one table. */
export function nameOf(model: ModelClass): string {
  const { _schema, tableName, name } = model as unknown as { _schema?: string; tableName: string; name: string };
  return JSON.stringify([_schema, tableName, name]);
}
