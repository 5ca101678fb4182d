import type { Result } from './harness/case';

const figure = (ratio: number) => `${ratio.toFixed(2)}×`;

/** The verdict on a result; ratios are judged as they are printed. */
export function verdict({ ratio, target }: Result): string {
  if (ratio === null) return 'not run';
  if (target === null) return '';
  return Number(ratio.toFixed(2)) <= target ? 'ok' : 'MISS';
}

/** The results as a text table; peers stand under the case that they belong to. */
export function table(results: readonly Result[]): string {
  const rows = [['against the same work without the library', 'ratio', 'target', '']];
  for (const result of results) {
    const { name, ratio, target, peers, note } = result;
    rows.push([name, ratio === null ? '-' : figure(ratio), target === null ? '-' : `≤ ${target}×`, verdict(result)]);
    if (note) rows.push([`    ${note}`, '', '', '']);
    for (const [peer, of] of Object.entries(peers)) rows.push([`    ${peer}`, figure(of), '', '']);
  }
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[0] ?? 0))),
    )
    .map((row) => row.join('  ').trimEnd())
    .join('\n');
}
