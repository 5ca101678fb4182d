import { doorOpen, EDIT_HISTORY } from '../../sql/settings';

// Whoever may write a table may set a setting. Not current_user, which in a function of its owner's is the owner.
const OWNER = `pg_catalog.pg_has_role(session_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid OPERATOR(pg_catalog.=) TG_RELID), 'MEMBER')`;

/**
 * plpgsql: what to do where the door `guitars.edit_history` is open to this session, which is one of a member of the table's
 * owner. `to` is an SQL condition: for whom else? Nested, so that who is asked for only where the setting is on.
 */
export function throughDoor(then: string, to?: string): string {
  return `  IF ${doorOpen(EDIT_HISTORY)} THEN
    IF ${to ? `${to} OR ` : ''}${OWNER} THEN ${then} END IF;
  END IF;`;
}
