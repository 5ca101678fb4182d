import type { Sequelize } from 'sequelize';
import { statusesOf } from '../enforcement/catalog';
import type { EnforcedObject } from '../enforcement/object';
import { sealOf } from '../enforcement/seal';
import { derivedName } from '../sql/identifiers';
import { TRIGGERS } from '../sql/names';
import { openColumns } from './columns';
import type { Site, Step } from './step';

/**
 * The trigger that fills times which an INSERT sends as NULL comes before the backfill, so that there is an end to it,
 * and so that no such INSERT fails once NULL is refused.
 */
export function fillSteps(sequelize: Sequelize, site: Site, objects: readonly EnforcedObject[]): Step[] {
  const { session, table } = site;
  const own = [derivedName(table.table, 'fill'), TRIGGERS.fill as string];
  const fill = objects.filter(({ name }) => own.includes(name));
  const title = 'fill times that an INSERT leaves NULL';
  const sql = fill.flatMap((object) => [object.create, ...sealOf(object)]);
  const step: Step = {
    title,
    sql,
    async done() {
      return (await openColumns(site)).length === 0 || installed(sequelize, fill);
    },
    run: () => session.brief(title, table.table, sql),
  };
  return fill.length > 0 ? [step] : [];
}

/** Do these objects stand as they should? */
export async function installed(sequelize: Sequelize, objects: readonly EnforcedObject[]): Promise<boolean> {
  const [[row]] = (await sequelize.query(
    `SELECT to_regprocedure('guitars.seal(text,text,text,text)') IS NOT NULL AS there`,
  )) as unknown as [{ there: boolean }[]];
  return Boolean(row?.there) && (await statusesOf(sequelize, objects)).every(({ status }) => status === 'installed');
}
