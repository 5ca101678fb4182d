import { historyOf } from '../../history/definition';
import { can } from '../../models/capabilities';
import { ident, literal, qualified, type TableRef } from '../../sql/identifiers';
import { select } from '../catalog';
import { type Finding, type Subject, warning } from './finding';

/** Rights that go round the guards: `on` a table itself, or on the history of one. */
const HARM: Record<string, Record<string, string>> = {
  table: { TRIGGER: 'make triggers that stop ours' },
  history: {
    INSERT: 'forge entries',
    UPDATE: 'change entries, were its guard off',
    TRIGGER: 'make triggers that stop ours',
  },
};

interface Place {
  readonly model: string;
  readonly what: 'table' | 'history';
  readonly ref: TableRef;
}

/** Who was granted, beside the owners, what an application has no use for. */
export async function rights({ sequelize, tables }: Subject): Promise<Finding[]> {
  const places = tables.flatMap(({ model, name, table }): Place[] => [
    { model: name, what: 'table', ref: table },
    ...(can(model, 'versioned')
      ? [{ model: name, what: 'history' as const, ref: historyOf(model, () => table.schema).history }]
      : []),
  ]);
  if (places.length === 0) return [];
  const values = places.map(({ ref }, n) => `(${n}, to_regclass(${literal(qualified(ref))}))`).join(', ');
  const rows = await select<{ n: number; right: string; role: string | null }>(
    sequelize,
    `SELECT n, privilege_type AS right, rolname AS role FROM (VALUES ${values}) AS places(n, target)
      JOIN pg_class AS c ON c.oid = target CROSS JOIN aclexplode(relacl) LEFT JOIN pg_roles AS r ON r.oid = grantee
      WHERE grantee <> relowner AND (grantee = 0 OR NOT rolsuper AND NOT pg_has_role(grantee, relowner, 'MEMBER'))
      ORDER BY n, role, "right"`,
  );
  return rows.flatMap(({ n, right, role }) => {
    const { model, what, ref } = places[n] as Place;
    const harm = HARM[what]?.[right];
    if (!harm) return [];
    const who = role === null ? 'PUBLIC' : ident(role);
    const remedy = `REVOKE ${right} ON ${qualified(ref)} FROM ${who};`;
    return [
      warning(
        'role',
        model,
        `${role === null ? 'every role' : `the role ${who}`} may ${right} on ${qualified(ref)}, and so ${harm}. Run: ${remedy}`,
        { remedy },
      ),
    ];
  });
}
