import { visible, visibleLine } from '../visible';
import { answer } from './streams';

/** Writes a line on standard output. Names may have anything in them; a terminal is not to obey it. */
export function say(line = ''): void {
  answer(`${visible(line)}\n`);
}

/** Writes SQL, or a file's text: to a file as it is, to a terminal with nothing that it would obey. */
export function sayText(text: string): void {
  if (process.stdout.isTTY) say(text);
  else answer(`${text}\n`);
}

/** Writes a line on standard error: what is said beside the answer. */
export function note(line: string): void {
  process.stderr.write(`${visible(line)}\n`);
}

/** Writes the answer as JSON. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(value, null, 2));
}

/** Columns under their headings; no frames and no colour, so that grep, awk and cut can read it. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows].map((row) => row.map(visibleLine));
  const widths = headings.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `1 migration`, `2 migrations`. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}
