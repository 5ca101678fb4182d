import { type BelongsToMany, type HasMany, literal, Op, QueryTypes, type Sequelize } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { columnOf } from '../../models/internals';
import { ident } from '../../sql/identifiers';
import { columnIn, selectSql, visible } from './scoped';

/** What of an association through another table is used here. */
export interface Between extends BelongsToMany {
  readonly targetKey: string;
  readonly scope?: object;
  readonly manyFromSource: HasMany;
  readonly through: { readonly model: ModelClass; readonly scope?: object };
}

/** What is asked for. */
interface Asked {
  /** The values of the source key. */
  readonly values: readonly unknown[];
  /** The attributes that tell targets apart. */
  readonly names: readonly string[];
  readonly limit: number;
  readonly archived: boolean;
}

/** A row, by its source key, and one of its targets. */
export interface Pair {
  readonly source: unknown;
  readonly target: readonly unknown[];
}

const KEYS = ident('guitarsKeys');
const TARGETS = ident('guitarsTargets');

/** The first targets of each source, in order. What links them twice is one pair. */
export async function pairsOf(between: Between, asked: Asked, how: object): Promise<Pair[]> {
  const { names } = asked;
  const db = between.source.sequelize as Sequelize;
  const order = names.map((_, n) => `${TARGETS}.${ident(`target${n}`)}`).join(', ');
  const rows = await db.query<Record<string, unknown>>(
    `SELECT ${KEYS}.source, ${TARGETS}.* FROM (${sourcesSql(between, asked)}) AS ${KEYS}
      CROSS JOIN LATERAL (${targetsSql(between, asked)}) AS ${TARGETS} ORDER BY ${order}`,
    { ...how, type: QueryTypes.SELECT },
  );
  return rows.map((row) => ({ source: row.source, target: names.map((_, n) => row[`target${n}`]) }));
}

/** The keys once each, from the table: so they have its column's type. */
function sourcesSql({ source, sourceKey }: Between, { values }: Asked): string {
  const attributes = [literal(`DISTINCT ${columnIn(source as ModelClass, sourceKey)} AS source`)];
  const where = { [columnOf(source, sourceKey)]: { [Op.in]: values } };
  return selectSql(source as ModelClass, { attributes, where });
}

function targetsSql(between: Between, { names, limit, archived }: Asked): string {
  const { scope, targetKey, foreignKey, otherKey, through } = between;
  const target = between.target as ModelClass;
  const column = (name: string) => columnIn(target, name);
  const linking = `${columnIn(through.model, foreignKey)} = ${KEYS}.source`;
  const links = selectSql(through.model, {
    attributes: [literal(columnIn(through.model, otherKey))],
    ...visible(through.model, archived, through.scope, linking),
  });
  return selectSql(target, {
    attributes: names.map((name, n) => literal(`${column(name)} AS ${ident(`target${n}`)}`)),
    ...visible(target, archived, scope, `${column(targetKey)} IN (${links})`),
    order: literal(names.map(column).join(', ')),
    limit,
  });
}
