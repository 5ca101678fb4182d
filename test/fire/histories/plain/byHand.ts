import { randomUUID } from 'node:crypto';
import { EDGES, tableNamed } from '../graph';
import type { Operation } from '../load/operation';
import { named, RawSession } from '../load/session';
import { statementsFor, whereOf } from '../load/sql';

type Key = Record<string, number>;

/**
 * The same choices where the application itself archives the children, as it must with paranoid models: parent first, then
 * level by level, with a mark that tells what went together. It asks whether a guarded child is live, and takes no lock of
 * its own: what it promises, it promises to whoever is alone.
 */
export class ByHandSession extends RawSession {
  override async run(operation: Operation, op: string): Promise<void> {
    await this.say(named(op));
    const { kind, relation, targets } = operation;
    if (kind === 'archive') return this.archive(relation, whereOf(targets), randomUUID());
    if (kind === 'restore') return this.restore(relation, whereOf(targets));
    for (const sql of statementsFor(kind === 'hard' ? { ...operation, kind: 'remove' } : operation))
      await this.say(sql);
  }

  private async archive(relation: string, where: string, mark: string): Promise<void> {
    const keys = await this.rows<Key>(
      `UPDATE ${relation} SET _deleted_at = now(), _updated_at = now(), _deletion = '${mark}'
        WHERE _deleted_at IS NULL AND (${where}) RETURNING ${tableNamed(relation).id.join(', ')}`,
    );
    const ids = idsOf(keys);
    if (!ids) return;
    for (const { child, column } of dependants(relation, 'cascade')) {
      await this.archive(child, `${column} IN (${ids})`, mark);
    }
    for (const { child, column } of dependants(relation, 'restrict')) {
      const live = await this.rows(`SELECT FROM ${child} WHERE ${column} IN (${ids}) AND _deleted_at IS NULL LIMIT 1`);
      if (live.length > 0) throw Object.assign(new Error(`${child} is live`), { code: '23503' });
    }
  }

  private async restore(relation: string, where: string): Promise<void> {
    const rows = await this.rows<Key & { mark: string }>(
      `UPDATE ${relation} SET _deleted_at = NULL, _updated_at = now() WHERE _deleted_at IS NOT NULL AND (${where})
        RETURNING ${tableNamed(relation).id.join(', ')}, _deletion AS mark`,
    );
    const ids = idsOf(rows);
    if (!ids) return;
    const marks = [...new Set(rows.map(({ mark }) => `'${mark}'`))].join(', ');
    for (const { child, column } of dependants(relation, 'cascade')) {
      await this.restore(child, `${column} IN (${ids}) AND _deletion IN (${marks})`);
    }
  }

  private async rows<R extends object>(sql: string): Promise<R[]> {
    return (await this.client?.query<R>(sql))?.rows ?? [];
  }
}

const idsOf = (keys: readonly Key[]) =>
  keys
    .map(({ id }) => id)
    .filter((id) => id !== undefined)
    .join(', ');

const dependants = (relation: string, policy: string) =>
  EDGES.filter((edge) => edge.parent === relation && edge.policy === policy);
