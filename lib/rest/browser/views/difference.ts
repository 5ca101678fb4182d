import { type Html, html } from '../html';
import { cut, LONG, textOf } from '../value';

/** Two values side by side, as cells; what differs in the middle of texts is marked. */
export function differenceCells(old: unknown, now: unknown): Html {
  const [before, after] = [old, now].map(written) as [string | null, string | null];
  if (before === null || after === null) return html`<td>${cell(before, 'del')}</td><td>${cell(after, 'ins')}</td>`;
  const { head, tail } = common(before, after);
  return html`<td>${marked(before, head, tail, 'del')}</td><td>${marked(after, head, tail, 'ins')}</td>`;
}

// As it is read elsewhere, and to the millisecond: two times may differ by no more.
const written = (value: unknown) =>
  value instanceof Date ? (textOf(value)?.replace('T', ' ').replace('Z', ' UTC') ?? null) : textOf(value);

type Tag = 'del' | 'ins';
const tagged = (tag: Tag, text: string) =>
  text === '' ? undefined : tag === 'del' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`;

const cell = (text: string | null, tag: Tag) =>
  text === null
    ? html`<span class="none">null</span>`
    : text === ''
      ? html`<span class="none">empty</span>`
      : html`<bdi>${tagged(tag, cut(text, LONG))}</bdi>`;

/** How long the beginning and the end are that both have; whole words only. */
function common(one: string, other: string): { head: number; tail: number } {
  const most = Math.min(one.length, other.length);
  let head = 0;
  while (head < most && one[head] === other[head]) head++;
  while (head > 0 && /[\p{L}\p{N}\udc00-\udfff]/u.test(one.slice(head - 1, head))) head--;
  let tail = 0;
  while (tail < most - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  while (tail > 0 && /[\p{L}\p{N}\udc00-\udfff]/u.test(one.slice(one.length - tail).charAt(0))) tail--;
  return { head, tail };
}

/** What is the same is shortened, so that what differs is seen in long texts too. */
function marked(text: string, head: number, tail: number, tag: Tag): Html {
  if (text === '') return html`<span class="none">empty</span>`;
  const before = text.slice(0, head);
  const after = text.slice(text.length - tail);
  const middle = text.slice(head, text.length - tail);
  return html`<bdi>${before.length > 200 ? `…${before.slice(-200)}` : before}${tagged(tag, cut(middle, LONG))}${after.length > 200 ? `${after.slice(0, 200)}…` : after}</bdi>`;
}
