import { expect } from 'chai';
import { type Model, QueryTypes, type Transaction } from 'sequelize';
import { previewRestore } from '../../lib/enforcement/preview/restore';
import type { DeletePreview } from '../../lib/enforcement/preview/types';
import { defineShape } from '../contract/shapes';
import { useDatabase } from '../support/database';
import type { Shape } from './shapes';

type State = Map<string, Map<number, Record<string, unknown>>>;
class Undo extends Error {}
const IDS = [1, 2, 3, 4, 5];

/** A database with the tables of a shape, and what to do with them. */
export function useShapes({ tables, options = {}, also = '', plain: others = {} }: Shape) {
  const db = useDatabase();
  const all = { ...tables, ...others };
  const query = (sql: string, transaction?: Transaction) => db.sequelize.query(sql, { transaction });
  let models: ReturnType<typeof defineShape>;
  before(async () => {
    models = defineShape(db.sequelize, 'rule', tables, options);
    await db.sequelize.sync();
    if (also) await query(also);
  });

  async function state(transaction: Transaction): Promise<State> {
    const found: State = new Map();
    for (const name of Object.keys(all)) {
      const rows = await db.sequelize.query<{ id: number }>(`SELECT * FROM "${name}"`, {
        type: QueryTypes.SELECT,
        transaction,
      });
      found.set(name, new Map(rows.map((row) => [row.id, row as never])));
    }
    return found;
  }

  /** What a deletion does: the tables before and after, or the constraint that refused. */
  async function really(sql: string): Promise<{ before: State; after: State; refused?: string }> {
    let answer: { before: State; after: State; refused?: string } | undefined;
    await db.sequelize
      .transaction(async (transaction) => {
        const before = await state(transaction);
        await query('SAVEPOINT here', transaction);
        try {
          await query(`${sql}; SET CONSTRAINTS ALL IMMEDIATE`, transaction);
          answer = { before, after: await state(transaction) };
        } catch (error) {
          const { constraint } = (error as { parent: { constraint: string } }).parent;
          answer = { before, after: before, refused: constraint };
        }
        throw new Undo();
      })
      .catch((error) => {
        if (!(error instanceof Undo)) throw error;
      });
    return answer as never;
  }

  return {
    /** Five rows for each table, linked as `to` says; 0 is no link. Then some are archived, as far as they may be. */
    async fill(to: readonly number[], gone: readonly number[]): Promise<void> {
      const names = Object.keys(all).map((name) => `"${name}"`);
      await query(`BEGIN; SET LOCAL guitars.hard_delete = on; TRUNCATE ${names.join(', ')} CASCADE; COMMIT`);
      for (const name of names) await query(`INSERT INTO ${name} (id) SELECT generate_series(1, 5)`);
      let n = 0;
      for (const [name, links] of Object.entries(all)) {
        for (const column of Object.keys(links)) {
          const values = IDS.map((id) => `(${id}, nullif(${to[n++ % to.length]}, 0))`);
          await query(
            `UPDATE "${name}" SET "${column}" = v.link FROM (VALUES ${values.join(', ')}) AS v(id, link) WHERE "${name}".id = v.id`,
          );
        }
      }
      const rows = await this.rows();
      for (const nth of gone) await rows[nth]?.destroy().catch(() => undefined);
    },

    async rows(): Promise<(Model & { id: number; isDeleted: boolean; previewDestroy(): Promise<DeletePreview> })[]> {
      return (await Promise.all(Object.values(models).map((model) => model.findAll({ paranoid: false })))).flat();
    },

    async compare(row: Awaited<ReturnType<typeof this.rows>>[number]): Promise<void> {
      const preview = await row.previewDestroy();
      const what = `${preview.model} ${row.id} of ${JSON.stringify(preview)}`;
      const remove = `DELETE FROM "${preview.model}" WHERE id = ${row.id}`;
      const soft = await really(remove);
      const named = (refusals: readonly { constraint: string }[] = []) => refusals.map(({ constraint }) => constraint);
      if (soft.refused) expect(named(preview.soft?.refusedBy), what).to.include(soft.refused);
      else {
        expect(preview.soft?.does, what).to.equal(preview.archived ? 'nothing' : 'archive');
        expect(counts(preview.soft?.takes), what).to.deep.equal(differences(soft, newlyArchived));
      }
      const hard = await really(`SET LOCAL guitars.hard_delete = on; ${remove}`);
      if (hard.refused) {
        expect(named(preview.hard.refusedBy), what).to.include(hard.refused);
        return;
      }
      expect(preview.hard.does, what).to.equal('remove');
      expect(counts(preview.hard.takes), what).to.deep.equal(differences(hard, (_, after) => !after));
      const archived = preview.hard.takes.map(({ table, archived }) => ({ table, rows: archived }));
      expect(counts(archived), what).to.deep.equal(
        differences(hard, (before, after) => !after && !!before._deleted_at),
      );
      const cut = differences(
        hard,
        (before, after) => !!after && Object.keys(before).some((c) => before[c] && !after[c]),
      );
      expect(counts(preview.hard.cuts), what).to.deep.equal(cut);
    },

    /** Of an archived row: what its restore brings back, or the constraint that refuses it. */
    async compareRestore(row: Awaited<ReturnType<typeof this.rows>>[number]): Promise<void> {
      const preview = await previewRestore(row.constructor as never, { id: row.id });
      const what = `${preview.model} ${row.id} of ${JSON.stringify(preview)}`;
      const done = await really(`UPDATE "${preview.model}" SET _deleted_at = NULL WHERE id = ${row.id}`);
      if (done.refused) {
        expect(
          preview.refusedBy.map(({ constraint }) => constraint),
          what,
        ).to.include(done.refused);
        return;
      }
      expect(preview.does, what).to.equal(row.isDeleted ? 'restore' : 'nothing');
      expect(counts(preview.takes), what).to.deep.equal(differences(done, newlyLive));
    },
  };
}

type Change = (before: Record<string, unknown>, after: Record<string, unknown> | undefined) => boolean;
const newlyLive: Change = (before, after) => !!before._deleted_at && !!after && !after._deleted_at;
const newlyArchived: Change = (before, after) => !before._deleted_at && !!after?._deleted_at;

function differences({ before, after }: { before: State; after: State }, changed: Change): Record<string, number> {
  const found = [...before].map(([table, rows]) => ({
    table,
    rows: [...rows].filter(([id, row]) => changed(row, after.get(table)?.get(id))).length,
  }));
  return counts(found);
}

function counts(list: readonly { table: string; rows: number }[] = []): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { table, rows } of list) if (rows > 0) sums[table] = (sums[table] ?? 0) + rows;
  return sums;
}
