import { DefinitionError } from '../errors';

/** An object as `{ … }` makes it. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** @throws DefinitionError an operator stands in a value, at any depth, where it would be left out */
export function refuseOperators(value: unknown): void {
  if (Array.isArray(value)) value.forEach(refuseOperators);
  if (!isPlain(value)) return;
  const [symbol] = Object.getOwnPropertySymbols(value);
  if (symbol) {
    const remedy =
      symbol.description === 'col'
        ? 'Name the column as fresh("…") or old("…").'
        : 'Put it beside the column: { price: { [Op.gt]: 5 } }; or use raw().';
    throw new DefinitionError(`Op.${symbol.description} stands within a value. ${remedy}`);
  }
  Object.values(value).forEach(refuseOperators);
}

/**
 * A value as JSON.
 *
 * @throws DefinitionError it holds what JSON would drop, or make NULL of
 */
export function jsonOf(value: unknown): string {
  const text = JSON.stringify(value, function (this: unknown, key: string, each: unknown) {
    const written = (this as Record<string, unknown>)[key];
    const invalid = written instanceof Date && Number.isNaN(written.getTime());
    if (invalid || !fits(each)) {
      throw new DefinitionError(`${describe(written)} has no form in JSON. Use a value that has.`);
    }
    return each;
  });
  if (text === undefined) throw new DefinitionError(`${describe(value)} has no form in JSON. Use a value that has.`);
  return text;
}

function fits(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'object') return value === null || Array.isArray(value) || isPlain(value);
  return typeof value === 'string' || typeof value === 'boolean' || value === undefined;
}

/** A value, for errors. */
export function describe(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'An invalid Date' : 'A Date';
  return typeof value === 'object' && value !== null
    ? `A value of the class ${value.constructor?.name}`
    : `"${String(value)}" (${typeof value})`;
}
