import { QueryTypes } from 'sequelize';
import { bare } from '../../session/statements';

const READING: ReadonlySet<string | undefined> = new Set([
  QueryTypes.SELECT,
  QueryTypes.DESCRIBE,
  QueryTypes.FOREIGNKEYS,
  'SHOWCONSTRAINTS', // missing from Sequelize's types
  QueryTypes.SHOWINDEXES,
  QueryTypes.SHOWTABLES,
  QueryTypes.VERSION,
]);
const LATER = /;\s*(?:insert|update|delete|merge|truncate|with|select|do|call|execute)\b/i;

/**
 * May a statement change rows, so that a revision has to be known, and can it be sent in a transaction? Sequelize's type
 * tells a SELECT that reads from one that calls a function.
 */
export function writes(sql: string, type?: string): boolean {
  const text = bare(sql).replace(/^[\s(]+/, '');
  switch (/^[a-z]*/i.exec(text)?.[0].toLowerCase()) {
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
    case 'truncate':
    case 'copy':
    case 'call':
    case 'execute':
      return true;
    case 'do':
      return !/\b(?:commit|rollback)\b/i.test(text);
    case 'explain':
      return /\banaly[sz]e\b/i.test(text);
    case 'with':
      return !READING.has(type) || /\b(?:insert|update|delete|merge)\b/i.test(text);
    case 'select':
    case 'values':
      return !READING.has(type);
    case 'begin':
    case 'start':
      return false;
    default:
      return LATER.test(text);
  }
}
