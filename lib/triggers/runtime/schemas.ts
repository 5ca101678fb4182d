import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { refOf } from '../../enforcement/tables';
import type { AnyModel } from '../../models/capabilities';
import { ident, type TableRef } from '../../sql/identifiers';

/** The tables of models, each in the schema where the session finds it. */
export async function schemasOf(
  sequelize: Sequelize,
  models: readonly AnyModel[],
  { transaction, useMaster }: { transaction?: Transaction | null | undefined; useMaster?: boolean },
): Promise<TableRef[]> {
  const refs = models.map((model) => refOf(model.getTableName(), () => ''));
  const open = refs.filter(({ schema }) => schema === '').map(({ name }) => name);
  const rows = await sequelize.query<{ name: string; schema: string }>(
    `SELECT name, coalesce(nspname::text, current_schema()) AS schema FROM unnest($open::text[], $quoted::text[]) AS t(name, ref)
       LEFT JOIN pg_class AS c ON c.oid = to_regclass(ref) LEFT JOIN pg_namespace AS n ON n.oid = c.relnamespace`,
    {
      bind: { open, quoted: open.map(ident) },
      transaction,
      ...(useMaster ? { useMaster } : {}),
      type: QueryTypes.SELECT,
    },
  );
  const schemas = new Map(rows.map(({ name, schema }) => [name, schema]));
  return refs.map((ref) => ({ ...ref, schema: ref.schema || (schemas.get(ref.name) ?? 'public') }));
}
