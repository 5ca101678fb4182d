import type { Model } from 'sequelize';
import type { ModelClass } from '../../models/capabilities';
import { written } from '../../models/values';
import { type Html, html } from './html';
import type { Shelf } from './settings';

/** How much of a value is shown in a list, and on the page of its row. */
export const SHORT = 80;
export const LONG = 2000;

/** A value as text; null: it is null. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no time' : value.toISOString();
  if (Buffer.isBuffer(value)) return `${value.length} bytes: ${value.toString('hex', 0, LONG)}`;
  if (typeof value !== 'object') return String(value);
  try {
    return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)) ?? String(value);
  } catch {
    return '(it cannot be shown)';
  }
}

/** What is cut off is said. By characters, not by halves of them. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most;
  return `${text.slice(0, end)}… (${text.length.toLocaleString('en')} characters)`;
}

/** A value in a page. Text of its own direction does not turn that around it. */
export function shown(value: unknown, most: number): Html {
  if (value instanceof Date) return timeOf(value);
  const text = textOf(value);
  if (text === null) return html`<span class="none">null</span>`;
  if (text === '') return html`<span class="none">empty</span>`;
  return html`<bdi>${cut(text, most)}</bdi>`;
}

/** A time, to the second. */
export function timeOf(value: Date): Html {
  const text = textOf(value) ?? '';
  return html`<time datetime="${text}">${text.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>`;
}

/** An attribute of a row. A getter of the application's may not bear what was not selected. */
export function valueIn(row: Model, name: string): unknown {
  try {
    return row.get(name as never);
  } catch {
    return '(it cannot be shown)';
  }
}

/** A row's key, for people. */
export function keyText(row: Model): string {
  const model = row.constructor as ModelClass;
  const names = model.primaryKeyAttributes as string[];
  return cut(names.map((name) => written(model, name, row.getDataValue(name as never))).join(', '), SHORT);
}

/** What a row is called: by its title, else by its key. */
export function nameOf(shelf: Shelf, row: Model): string {
  const title = shelf.title === undefined ? null : textOf(valueIn(row, shelf.title));
  return title?.trim() ? cut(title, SHORT) : `${shelf.model.name} ${keyText(row)}`;
}
