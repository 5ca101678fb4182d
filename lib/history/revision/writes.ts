import { QueryTypes } from 'sequelize';
import { bare } from '../../session/statements';
import { meaningful, type Token } from '../../triggers/tokens';

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

const EDGE = /^(?:begin|start|commit|end|abort|rollback)$/i;

/** Does a text of several statements begin or end a transaction, and may write after that? Nothing can be set between them. */
export function writesInItsOwn(sql: string, type?: string): boolean {
  if (!/;\s*\S/.test(sql) || !/\b(?:begin|start|commit|end|abort|rollback)\b/i.test(sql)) return false;
  const all = statementsOf(sql);
  const edge = all.findIndex(isEdge);
  return edge >= 0 && all.slice(edge + 1).some((each) => writes(each.map(({ text }) => text).join(' '), type));
}

function isEdge(statement: readonly Token[]): boolean {
  const words = statement.map(({ text }) => text.toLowerCase());
  return EDGE.test(words[0] ?? '') && !(words[0] === 'rollback' && words.includes('to'));
}

function statementsOf(sql: string): Token[][] {
  const all: Token[][] = [[]];
  // BEGIN ATOMIC … END is the body of a function: its semicolons end none.
  let inBody = 0;
  for (const token of meaningful(sql)) {
    const last = all.at(-1) as Token[];
    const word = token.kind === 'word' ? token.text.toLowerCase() : '';
    if (word === 'atomic' && last.at(-1)?.text.toLowerCase() === 'begin') inBody = 1;
    else if (inBody > 0) inBody += word === 'case' ? 1 : word === 'end' ? -1 : 0;
    if (token.text === ';' && inBody === 0) all.push([]);
    else last.push(token);
  }
  return all.filter(({ length }) => length > 0);
}

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
    case 'do':
      return true;
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
