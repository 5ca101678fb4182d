import pg from 'pg';
import { Sequelize } from 'sequelize';
import type { Random } from '../../../support/random';
import { defineLibrary, type Library } from './models';

/** What a writer holds of a shelf of its own: what the server has acknowledged, and what it has yet to answer for. */
export interface Held {
  readonly id: number;
  readonly acknowledged: string;
  readonly pending?: string;
}

/** A shelf and its two books, as text: live, archived or gone. The second book may have been archived apart. */
const GONE = 'gone gone gone';
const LIVE = 'live live live';

/** From which state to which, and how. Half by the models, half without them. */
const STEPS: readonly {
  readonly from: readonly string[];
  readonly to: (from: string) => string;
  readonly run: (writer: Writer, id: number) => Promise<unknown>;
}[] = [
  {
    from: [LIVE, 'live live archived'],
    to: () => 'archived archived archived',
    run: ({ models }, id) => models.Shelf.destroy({ where: { id } }),
  },
  {
    from: [LIVE, 'live live archived'],
    to: () => 'archived archived archived',
    run: ({ raw }, id) => raw.query('DELETE FROM shelf WHERE id = $1', [id]),
  },
  {
    from: [LIVE],
    to: () => 'live live archived',
    run: ({ raw }, id) => raw.query(`DELETE FROM book WHERE shelf_id = $1 AND title = '2'`, [id]),
  },
  {
    from: ['live live archived'],
    to: () => LIVE,
    run: ({ models }, id) => models.Book.restore({ where: { shelf_id: id } }),
  },
  {
    from: [LIVE, 'live live archived', 'archived archived archived'],
    to: () => GONE,
    run: ({ models }, id) => models.Shelf.hardDelete({ where: { id } }),
  },
];

/** A client that archives, restores and removes shelves of its own, until the server goes away. */
export class Writer {
  readonly sequelize: Sequelize;
  readonly models: Library;
  readonly shelves = new Map<number, Held & { readonly apart: boolean }>();
  acknowledged = 0;

  private constructor(
    url: string,
    readonly raw: pg.Client,
    private readonly random: Random,
  ) {
    this.sequelize = new Sequelize(url, { logging: false, pool: { max: 1 } });
    this.models = defineLibrary(this.sequelize);
  }

  static async open(url: string, random: Random): Promise<Writer> {
    const raw = new pg.Client({ connectionString: url });
    raw.on('error', () => {});
    await raw.connect();
    return new Writer(url, raw, random);
  }

  /**
   * @param tell hears of each operation that the server has acknowledged
   * @returns when the server has gone away
   */
  async write(tell: () => void = () => {}): Promise<void> {
    for (;;) {
      try {
        await this.step();
        this.acknowledged++;
        tell();
      } catch (error) {
        const { code, parent, name } = error as { code?: string; parent?: { code?: string }; name: string };
        // Of a server that is killed: 57P01, 57P02, a cut connection, or none that can be had.
        const state = parent?.code ?? code ?? '';
        const gone = /^(57P|08|ECONN|EPIPE)/.test(state) || /^Sequelize(Connection|Host)/.test(name);
        if (gone || /terminated|ECONNREFUSED|not queryable/.test(String(error))) return;
        throw error;
      }
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.sequelize.close(), this.raw.end()]);
  }

  private async step(): Promise<void> {
    const present = [...this.shelves.values()].filter(({ acknowledged }) => acknowledged !== GONE);
    if (present.length < 3 || this.random.below(4) === 0) return this.insert();
    const held = this.random.pick(present);
    if (held.acknowledged === 'archived archived archived' && this.random.below(2)) return this.restore(held);
    const step = this.random.pick(STEPS.filter(({ from }) => from.includes(held.acknowledged)));
    const apart = held.acknowledged === 'live live archived';
    await this.move({ ...held, apart }, step.to(held.acknowledged), () => step.run(this, held.id));
  }

  /** R1: what was archived apart stays so. */
  private restore(held: Held & { readonly apart: boolean }): Promise<void> {
    const to = held.apart ? 'live live archived' : LIVE;
    return this.move(held, to, () => this.models.Shelf.restore({ where: { id: held.id } }));
  }

  private async move(held: Held & { readonly apart: boolean }, to: string, work: () => Promise<unknown>) {
    this.shelves.set(held.id, { ...held, pending: to });
    await work();
    this.shelves.set(held.id, { id: held.id, acknowledged: to, apart: held.apart });
  }

  private async insert(): Promise<void> {
    const { rows } = await this.raw.query(
      `WITH shelf AS (INSERT INTO shelf (name) VALUES ('s') RETURNING id),
        books AS (INSERT INTO book (title, shelf_id) SELECT n, id FROM shelf, (VALUES ('1'), ('2')) AS titles(n) RETURNING shelf_id)
       SELECT DISTINCT shelf_id AS id FROM books`,
    );
    const id = rows[0].id as number;
    this.shelves.set(id, { id, acknowledged: LIVE, apart: false });
  }
}

/** The shelves as a server has them, by id. */
export async function shelvesOn(client: pg.Client): Promise<Map<number, string>> {
  const state = (row: string) =>
    `CASE WHEN ${row}.id IS NULL THEN 'gone' WHEN ${row}._deleted_at IS NULL THEN 'live' ELSE 'archived' END`;
  const { rows } = await client.query<{ id: number; state: string }>(
    `SELECT shelf.id, ${['shelf', 'one', 'two'].map(state).join(` || ' ' || `)} AS state FROM shelf
      LEFT JOIN book AS one ON one.shelf_id = shelf.id AND one.title = '1'
      LEFT JOIN book AS two ON two.shelf_id = shelf.id AND two.title = '2'`,
  );
  return new Map(rows.map(({ id, state: found }) => [id, found]));
}

/** Shelves that are neither what was acknowledged last nor what had yet to be answered. */
export function lost(writers: readonly Writer[], found: ReadonlyMap<number, string>): string[] {
  return writers.flatMap(({ shelves }) =>
    [...shelves.values()].flatMap(({ id, acknowledged, pending }) => {
      const is = found.get(id) ?? GONE;
      return is === acknowledged || is === pending ? [] : [`shelf ${id}: ${is}, and not ${acknowledged}`];
    }),
  );
}
