const DECIMAL = /^\s*([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?\s*$/i;

/** One text for every way to write a number, however long: `1`, `'1'` and `'1.00'` have the same. */
export function canonicalNumber(value: unknown): string {
  const text = String(value);
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return text.trim().toLowerCase();
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}

/** A number as `round` has the database keep it; what is none, by its text. */
export const floating =
  (round: (value: unknown) => number) =>
  (value: unknown): unknown => {
    if (typeof value === 'object') return undefined;
    const text = String(value).trim();
    const number = text === '' ? Number.NaN : round(text);
    // 0 and -0 are one.
    return Number.isFinite(number) ? number + 0 : canonicalNumber(value);
  };
