import { ident, literal, qualified } from '../../sql/identifiers';
import { select } from '../catalog';
import type { Edge } from '../edges';
import { namesOf } from '../kinds/names';
import type { Table } from '../tables';
import { type Finding, type FindingKind, failure, type Subject } from './finding';

interface Check {
  readonly kind: FindingKind;
  readonly model: string;
  /** Of the rows: `live, under an archived parent in region`. */
  readonly what: string;
  /** FROM and WHERE of the query. */
  readonly from: string;
  readonly remedy: string;
  /** What the remedy does. */
  readonly mends: string;
  /** Tables that have to be there. */
  readonly needs: readonly string[];
}

/** So that a table full of them is not counted through. */
const ENOUGH = 1000;

/** Rows that break a promise already, since enforcement was not always on: without their parent, or ahead of time. */
export function brokenRows({ sequelize, tables, edges }: Subject): Promise<Finding[]> {
  return found(sequelize, [...edges.map(dangling), ...tables.map(future)]);
}

/** Live rows under archived parents. */
export function orphans({ sequelize, edges }: Subject): Promise<Finding[]> {
  return found(sequelize, edges.filter(({ policy }) => policy !== 'keep').map(orphan));
}

async function found(sequelize: Subject['sequelize'], checks: readonly Check[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { kind, model, what, from, remedy, mends, needs } of checks) {
    const there = needs.map((table) => `to_regclass(${literal(table)}) IS NOT NULL`).join(' AND ');
    const [known] = await select<{ there: boolean }>(sequelize, `SELECT ${there} AS there`);
    if (!known?.there) continue;
    const limited = `SELECT count(*)::int AS n FROM (SELECT FROM ${from} LIMIT ${ENOUGH + 1}) AS found`;
    const [{ n } = { n: 0 }] = await select<{ n: number }>(sequelize, limited);
    if (n === 0) continue;
    const count = n > ENOUGH ? `more than ${ENOUGH} rows are` : n === 1 ? '1 row is' : `${n} rows are`;
    const query = `SELECT own.* FROM ${from};`;
    findings.push(failure(kind, model, `${count} ${what}. ${mends}: ${remedy}`, { query, remedy }));
  }
  return findings;
}

/** F3: a live row under an archived parent. */
function orphan({ child, column, parent, parentColumn, softParent }: Edge): Check {
  const [names, above] = [namesOf(child), namesOf(softParent as Table)];
  const where = `parent.${ident(parentColumn)} = own.${ident(column)} AND own.${names.deleted} IS NULL AND parent.${above.deleted} IS NOT NULL`;
  return {
    kind: 'live_orphan',
    model: child.name,
    what: `live, and by "${column}" under an archived parent in ${parent.name}`,
    from: `${qualified(child.table)} AS own, ${qualified(parent)} AS parent WHERE ${where}`,
    mends: 'Restore the parents, or archive the rows too',
    remedy: `UPDATE ${qualified(child.table)} AS own SET ${names.deleted} = now() FROM ${qualified(parent)} AS parent WHERE ${where};`,
    needs: [qualified(child.table), qualified(parent)],
  };
}

/** F1: a row that points at nothing. */
function dangling({ child, column, parent, parentColumn, onDelete }: Edge): Check {
  const key = `own.${ident(column)}`;
  const where = `${key} IS NOT NULL AND NOT EXISTS (SELECT FROM ${qualified(parent)} AS parent WHERE parent.${ident(parentColumn)} = ${key})`;
  const table = qualified(child.table);
  const cut = onDelete === 'SET NULL' || onDelete === 'SET DEFAULT';
  return {
    kind: 'dangling_key',
    model: child.name,
    what: `without the row of ${parent.name} that "${column}" names`,
    from: `${table} AS own WHERE ${where}`,
    mends: cut
      ? 'Put the parents back, or cut the links'
      : 'Put the parents back, or remove the rows physically, as the key would have',
    remedy: cut
      ? `UPDATE ${table} AS own SET ${ident(column)} = NULL WHERE ${where};`
      : `BEGIN; SET LOCAL guitars.hard_delete = on; DELETE FROM ${table} AS own WHERE ${where}; COMMIT;`,
    needs: [table, qualified(parent)],
  };
}

/** T1–T3: a time that lies ahead of the database's clock. */
function future(table: Table): Check {
  const { created, updated, deleted } = namesOf(table);
  const times = [...(table.dated ? [created, updated] : []), ...(table.soft ? [deleted] : [])];
  const where = times.map((time) => `own.${time} > now()`).join(' OR ');
  // Not least(): it passes NULL over, and would archive what is live.
  const set = times.map((time) => `${time} = CASE WHEN own.${time} > now() THEN now() ELSE own.${time} END`);
  return {
    kind: 'future_time',
    model: table.name,
    what: `stamped with a time that is yet to come`,
    from: `${qualified(table.table)} AS own WHERE ${where}`,
    mends: 'Set the times to now',
    remedy: `BEGIN; SET LOCAL guitars.keep_timestamps = on; UPDATE ${qualified(table.table)} AS own SET ${set.join(', ')} WHERE ${where}; COMMIT;`,
    needs: [qualified(table.table)],
  };
}
