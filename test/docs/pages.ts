import fs from 'node:fs';
import path from 'node:path';

/** The repository. */
export const ROOT = path.resolve(__dirname, '..', '..');

/** A fenced block of a page, or a comment `<!--ts … -->`: what the examples need and a reader does not. */
export interface Block {
  language: string;
  /** What follows the language: `no-run`. */
  info: string;
  text: string;
  /** The number of the first line of `text`, from 0. */
  line: number;
}

/** Every page, relative to the repository. */
export const pages = () => [
  'README.md',
  'CHANGELOG.md',
  'examples/README.md',
  'examples/express-blog/README.md',
  ...markdown('docs'),
];

/** The pages whose examples are checked. An ADR shows what was, not what one types. */
export const guides = () => pages().filter((page) => /^README|^docs\/[^/]+$/.test(page));

export const read = (page: string) => fs.readFileSync(path.join(ROOT, page), 'utf8');

/** The blocks of a page, in order. */
export function blocks(page: string): Block[] {
  const text = read(page);
  const found = text.matchAll(/^(?:```|<!--)(\w+) ?(.*)\n([\s\S]*?)\n(?:```|-->)$/gm);
  return [...found].map(({ index, 1: language = '', 2: info = '', 3: body = '' }) => {
    return { language, info, text: body, line: text.slice(0, index).split('\n').length };
  });
}

function markdown(folder: string): string[] {
  const files = fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.md')).map((file) => `${folder}/${file.replaceAll('\\', '/')}`);
}
