import { ident, literal } from '../sql/identifiers';
import { REVISION } from '../sql/settings';
import { begins, commits, effectOf, undoes } from './statements';
import { type Connection, inTransaction } from './status';
import { NONE, type Settings } from './within';

/** What the server has set for the transaction of a connection, as far as is known. */
export class Server {
  /** undefined: some of `known`, nobody knows which. */
  private now: Settings | undefined = NONE;
  private readonly known = new Set<string>();
  /** Asked only where the driver does not tell. */
  private open: boolean | undefined;

  constructor(private readonly connection: Connection) {}

  /** Is it in a transaction as `sql` comes? Outside of one nothing is set. */
  inside(sql: string): boolean {
    this.open ??= inTransaction(this.connection, sql);
    const inside = this.connection.getTransactionStatus ? inTransaction(this.connection) : this.open;
    if (!inside) this.forget();
    return inside;
  }

  /** The statements that bring about what is wanted for `sql`. */
  missing(wanted: Settings, sql: string): string[] {
    if (this.now === wanted || undoes(sql)) return [];
    const names = [...new Set([...this.known, ...wanted.keys()])].filter(
      (name) => !this.now || this.now.get(name) !== wanted.get(name),
    );
    // What is put off until the end is done for the last revision of the transaction.
    const due = commits(sql) ? names.filter((name) => name !== REVISION || wanted.has(name)) : names;
    return due.map((name) => `SET LOCAL ${name.split('.').map(ident).join('.')} = ${literal(wanted.get(name) ?? '')}`);
  }

  /** What is wanted is being sent; until it has `reached` it, nobody knows. */
  reach(wanted: Settings): () => void {
    this.now = undefined;
    for (const name of wanted.keys()) this.known.add(name);
    return () => {
      this.now = wanted;
    };
  }

  /** A statement was sent, and answered or refused. */
  after(sql: string): void {
    if (begins(sql)) this.open = true;
    const effect = effectOf(sql);
    if (effect === 'unknown') this.now = undefined;
    if (effect !== 'end') return;
    this.open = false;
    this.forget();
  }

  private forget(): void {
    this.now = NONE;
    this.known.clear();
  }
}
