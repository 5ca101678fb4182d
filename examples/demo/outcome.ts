/** One line of the final table. */
export interface Check {
  /** `guitar` or `plain`: whose tables. */
  tables: string;
  what: string;
  expected: string | number | boolean;
  got: string | number | boolean | undefined;
}

/** The checks that came out otherwise than expected. */
export function mismatches(checks: readonly Check[]): Check[] {
  return checks.filter(({ expected, got }) => expected !== got);
}

/** What the demo exits with: 1 if anything came out otherwise, or if nothing was checked at all. */
export function exitCode(checks: readonly Check[]): 0 | 1 {
  return checks.length > 0 && mismatches(checks).length === 0 ? 0 : 1;
}

/** The table "expected / got", a line per check, and a line that sums it up. */
export function outcomeTable(checks: readonly Check[]): string {
  const rows = [
    ['tables', 'what', 'expected', 'got', ''],
    ...checks.map((check) => [
      check.tables,
      check.what,
      String(check.expected),
      String(check.got),
      mismatches([check]).length === 0 ? 'ok' : 'MISMATCH',
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('-+-'));
  const wrong = mismatches(checks).length;
  return `${lines.join('\n')}\n\n${checks.length} checks, ${wrong === 0 ? 'all as expected' : `${wrong} MISMATCHED`}.`;
}
