import { inside } from '../../../models/internals';
import { ident, literal, qualified } from '../../../sql/identifiers';
import { select } from '../../catalog';
import type { Subject } from '../finding';

/** A foreign key as a model declares it, of any model of the instance. */
export interface ModelKey {
  readonly model: string;
  readonly column: string;
  /** OIDs of tables that are there. */
  readonly childId: string;
  readonly parentId: string;
  readonly onUpdate: string;
}

interface Reference {
  references?: { model?: unknown } | string;
  field?: string;
  onUpdate?: string;
}

/** The keys that the models declare, enforced models or not, whose tables are both there. */
export async function modelKeys({ sequelize }: Subject): Promise<ModelKey[]> {
  const declared = Object.values(sequelize.models).flatMap((model) =>
    Object.entries(inside(model).rawAttributes).flatMap(([attribute, definition]) => {
      const { references, field, onUpdate } = definition as Reference;
      if (!references) return [];
      const target = typeof references === 'object' ? (references.model ?? references) : references;
      const names = [model.getTableName(), target].map(regclass).join(', ');
      const about = { model: model.name, column: field ?? attribute, onUpdate: onUpdate?.toUpperCase() ?? 'NO ACTION' };
      return [{ ...about, names }];
    }),
  );
  if (declared.length === 0) return [];
  const rows = await select<{ n: number; child: string; parent: string }>(
    sequelize,
    `SELECT n, child::oid::text AS child, parent::oid::text AS parent
      FROM (VALUES ${declared.map(({ names }, n) => `(${n}, ${names})`).join(', ')}) AS keys(n, child, parent)
      WHERE child IS NOT NULL AND parent IS NOT NULL ORDER BY n`,
  );
  return rows.map(({ n, child, parent }) => {
    const { names, ...about } = declared[n] as (typeof declared)[number];
    return { ...about, childId: child, parentId: parent };
  });
}

/** A table as a model names it; without a schema it is looked for where the database looks. */
function regclass(name: unknown): string {
  if (typeof name === 'object' && name !== null && 'tableName' in name) {
    const { tableName, schema } = name as { tableName: string; schema?: string };
    return `to_regclass(${literal(schema ? qualified({ schema, name: tableName }) : ident(tableName))})`;
  }
  return `to_regclass(${literal(ident(String(name)))})`;
}
