import { literal, Model, Op } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { inside, within } from '../../models/internals';
import { enclosed } from '../../models/where';
import { refuseJoined } from './includes';
import type { Asked } from './options';
import { behind, orderedBy, place } from './sql';

const PLACE = 'guitarsPlace';

interface Page<M> {
  readonly rows: M[];
  /** Where the last row stands in the order. */
  readonly last: readonly string[];
}

/** The answer of `since`: await it for an array, or iterate over it to have the rows fetched in pages. */
export class SinceQuery<M extends Model> implements PromiseLike<M[]>, AsyncIterable<M> {
  private answer: Promise<M[]> | undefined;

  /** @internal */
  constructor(
    private readonly model: ModelClass,
    private readonly conditions: readonly string[],
    private readonly asked: Asked,
  ) {}

  // biome-ignore lint/suspicious/noThenProperty: it is what makes it awaitable
  then<R = M[], E = never>(
    fulfilled?: ((rows: M[]) => R | PromiseLike<R>) | null,
    rejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    this.answer ??= this.find(this.limit);
    return this.answer.then(fulfilled, rejected);
  }

  /** The rows, fetched in pages; each iteration asks the database anew. */
  async *[Symbol.asyncIterator](): AsyncIterator<M> {
    for await (const page of this.pages()) yield* page;
  }

  /**
   * The pages that {@link SinceOptions.pageSize} makes, none of them empty.
   *
   * @example for await (const articles of Article.since({ timestamp }).pages()) await index(articles);
   */
  async *pages(): AsyncGenerator<M[], void, undefined> {
    let left = this.limit ?? Number.POSITIVE_INFINITY;
    let last: readonly string[] | undefined;
    while (left > 0) {
      const size = Math.min(this.asked.pageSize, left);
      const page: Page<M> = await this.page(size, last);
      if (page.rows.length > 0) yield page.rows;
      if (page.rows.length < size) return;
      left -= size;
      last = page.last;
    }
  }

  private get limit(): number | undefined {
    return this.asked.limit ?? (inside(this.model)._scope as { limit?: number }).limit;
  }

  private async page(size: number, last: readonly string[] | undefined): Promise<Page<M>> {
    const rows = await this.find(size, last, true);
    let place: readonly string[] = [];
    for (const row of rows) place = withoutPlace(row) ?? place;
    return { rows, last: place };
  }

  // The place by key, not by number: a row that others add or change meanwhile shifts nothing.
  private async find(limit: number | undefined, last?: readonly string[], placed = false): Promise<M[]> {
    const { model, asked } = this;
    if (limit !== undefined) refuseJoined(model);
    const scope = inside(model)._scope as { where?: object; attributes?: unknown };
    const sql = [...this.conditions, ...(last ? [behind(model, last)] : [])];
    // The scope's own condition as well: Sequelize would let ours take its place, where both are an Op.and.
    const all = [scope.where, asked.where].filter(Boolean).map(enclosed);
    const where = { [Op.and]: [...all, ...sql.map((each) => literal(`(${each})`))] };
    const order = orderedBy(model).map((each) => literal(each));
    const extra = [literal(place(model)), PLACE];
    const attributes = Array.isArray(scope.attributes) ? [extra] : { include: [extra] };
    return (await inside(model).findAll({
      ...asked.passed,
      where,
      order,
      offset: null,
      ...(placed ? { attributes } : {}),
      ...(limit === undefined ? {} : { limit }),
      ...(asked.deleted === undefined ? {} : { paranoid: !asked.deleted }),
    })) as M[];
  }
}

/** Takes the place out of a row, which the caller did not ask for. */
function withoutPlace(row: Model): string[] | undefined {
  // A scope may ask for plain objects.
  const records = row instanceof Model ? [within(row).dataValues, within(row)._previousDataValues] : [row];
  const [values] = records as [Record<string, unknown>];
  const place = values[PLACE] as string[] | undefined;
  for (const record of records as Record<string, unknown>[]) delete record[PLACE];
  return place;
}
