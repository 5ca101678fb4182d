import { answer } from './streams';

/** Writes a line on standard output. */
export function say(line = ''): void {
  answer(`${line}\n`);
}

/** Writes a line on standard error: what is said beside the answer. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes the answer as JSON. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(value, null, 2));
}

/** Columns under their headings; no frames and no colour, so that grep, awk and cut can read it. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
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
