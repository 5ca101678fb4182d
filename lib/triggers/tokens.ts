/** One of the smallest parts of SQL or PL/pgSQL. */
export interface Token {
  readonly kind: 'word' | 'string' | 'name' | 'comment' | 'space' | 'sign';
  readonly text: string;
}

// A word before E'…' is tried after it; a word may hold a $, which begins no quote there.
const FORMS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['space', /\s+/y],
  ['comment', /--[^\n\r]*/y],
  ['string', /[eE]'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'/y],
  ['string', /(?:[bnx]|u&)?'[^']*(?:''[^']*)*'/iy],
  ['name', /(?:u&)?"[^"]*(?:""[^"]*)*"/iy],
  ['word', /[a-z_\x80-\uffff][\w$\x80-\uffff]*/iy],
];
const DOLLAR = /\$(?:[a-z_\x80-\uffff][\w\x80-\uffff]*)?\$/iy;

/** What SQL or PL/pgSQL consists of. A quote or a comment without an end reaches to the end. */
export function tokens(code: string): Token[] {
  const found: Token[] = [];
  for (let at = 0; at < code.length; ) {
    const token = tokenAt(code, at);
    found.push(token);
    at += token.text.length;
  }
  return found;
}

/** Those that mean something to PostgreSQL: no comments, no space. */
export const meaningful = (code: string) => tokens(code).filter(({ kind }) => kind !== 'comment' && kind !== 'space');

function tokenAt(code: string, at: number): Token {
  for (const [kind, form] of FORMS) {
    const text = matchAt(form, code, at);
    if (text !== undefined) return { kind, text };
  }
  if (code.startsWith('/*', at)) return { kind: 'comment', text: blockComment(code, at) };
  const tag = matchAt(DOLLAR, code, at);
  if (tag !== undefined) {
    const end = code.indexOf(tag, at + tag.length);
    return { kind: 'string', text: code.slice(at, end < 0 ? undefined : end + tag.length) };
  }
  const sign = code.charAt(at);
  if (sign === "'" || sign === '"') return { kind: 'string', text: code.slice(at) };
  return { kind: 'sign', text: sign };
}

function matchAt(form: RegExp, code: string, at: number): string | undefined {
  form.lastIndex = at;
  return form.exec(code)?.[0];
}

/** PostgreSQL's comments hold others. */
function blockComment(code: string, from: number): string {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  for (let depth = 0, found = edge.exec(code); found; found = edge.exec(code)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return code.slice(from, edge.lastIndex);
  }
  return code.slice(from);
}
