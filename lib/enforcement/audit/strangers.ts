import { qualified } from '../../sql/identifiers';
import { SCHEMA } from '../../sql/names';
import { captured, strangeSchema } from '../strangers';
import type { Table } from '../tables';
import { EVERY, type Finding, failure, type Subject } from './finding';

/** What belongs to roles whom the owner of the tables has no reason to trust, and is called for whoever writes them. */
export async function strangers({ sequelize, tables }: Subject): Promise<Finding[]> {
  const refs = tables.map(({ table }) => table);
  const owner = await strangeSchema(sequelize, refs);
  const found = await captured(sequelize, refs);
  return [
    ...(owner === undefined ? [] : [ofSchema(owner)]),
    ...found.map(({ n, object, called, owner }) => {
      const { name, table } = tables[n] as Table;
      const message = `the ${object} on ${qualified(table)} calls the ${called} of the role "${owner}", with the rights of whoever writes the table. Drop that, with CASCADE, and run install(sequelize).`;
      return failure('captured', name, message);
    }),
  ];
}

function ofSchema(owner: string): Finding {
  const message = `the schema "${SCHEMA}" belongs to the role "${owner}", who could drop or replace what is installed in it. As a superuser, give it to the owner of the tables.`;
  return failure('captured', EVERY, message);
}
