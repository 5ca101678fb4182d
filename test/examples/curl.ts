/** What a line of curl asks, and what its page says that comes: `# → 200 count: 2, name: "Ada"`. */
export interface Line {
  readonly text: string;
  readonly url: URL;
  readonly init: RequestInit;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The lines of curl in the `sh` blocks of a page. */
export function curlLines(markdown: string): Line[] {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.trim().split('\n'))
    .filter((line) => line.startsWith('curl '))
    .map(read);
}

/** @throws Error it says what is not read here, or not what comes */
function read(text: string): Line {
  const [, command = '', status, members = ''] = /^curl (.+) # → (\d{3})(?: (.+))?$/.exec(text) ?? [];
  if (!status) throw new Error(`No "# → " and a status: ${text}`);
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const headers = new Headers();
  const said: { method?: string; body?: string; url?: string } = {};
  while (words.length > 0) {
    const word = words.shift() as string;
    const next = () => words.shift() ?? '';
    if (word === '-X') said.method = next();
    else if (word === '-u') headers.set('authorization', `Basic ${Buffer.from(next()).toString('base64')}`);
    else if (word === '-d') said.body = next();
    else if (word === '-H') headers.append(...(next().split(/: */, 2) as [string, string]));
    else if (said.url === undefined && !word.startsWith('-')) said.url = word;
    else throw new Error(`What is ${word}? ${text}`);
  }
  const { method = said.body === undefined ? 'GET' : 'POST', body, url } = said;
  // As curl does, which would send a form.
  if (body !== undefined && !headers.has('content-type')) throw new Error(`A body of which type? ${text}`);
  const init = { method, headers, ...(body === undefined ? {} : { body }) };
  return { text, url: new URL(`http://${url}`), init, status: Number(status), body: JSON.parse(jsonOf(members)) };
}

/** `count: 2, name: "Ada"` as JSON. */
const jsonOf = (members: string) => `{${members.replaceAll(/(^|, )(\w+): /g, '$1"$2": ')}}`;
