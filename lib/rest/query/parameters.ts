import { badParameter, malformed } from '../problem/problem';

/**
 * The parameters of a query, each of which is to be taken by whoever knows it. Read here and not by Express, whose parser is
 * a setting of the application's.
 */
export class Parameters {
  readonly #all: Map<string, string[]>;
  readonly #known: string[] = [];

  constructor(url: string) {
    const start = url.indexOf('?');
    this.#all = new Map();
    for (const [name, value] of new URLSearchParams(start < 0 ? '' : url.slice(start + 1))) {
      this.#all.set(name, [...(this.#all.get(name) ?? []), value]);
    }
  }

  /** Every value of a parameter, which may be repeated. */
  takeAll(name: string): readonly string[] {
    this.#known.push(name);
    const values = this.#all.get(name) ?? [];
    this.#all.delete(name);
    return values;
  }

  /** @throws ProblemError (400) it is repeated */
  take(name: string): string | undefined {
    const [value, ...more] = this.takeAll(name);
    if (more.length > 0) throw badParameter(name, 'is there more than once. Say it once.');
    return value;
  }

  /** The names of those that were not taken. */
  get names(): readonly string[] {
    return [...this.#all.keys()];
  }

  /** @throws ProblemError (400) something was not taken */
  end(also: readonly string[] = []): void {
    const [unknown] = this.names;
    if (unknown === undefined) return;
    const known = [...new Set([...this.#known, ...also])];
    const use = known.length > 0 ? `Use one of: ${known.join(', ')}.` : 'It takes none.';
    throw malformed(`There is no parameter ${JSON.stringify(unknown.slice(0, 100))} here. ${use}`);
  }
}
