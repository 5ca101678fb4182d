/** Markup that is safe to send: what {@link html} made. */
export class Html {
  constructor(readonly text: string) {}
}

/** What may stand in a template: markup as it is, anything else escaped; false, null and undefined are nothing. */
export type Part = Html | string | number | bigint | false | null | undefined | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Markup, with everything in it escaped that is not markup itself: the one way by which text comes into a page. It fits between
 * tags and in quoted attributes.
 *
 * @example html`<a href="${url}">${title}</a>`
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, n) => text + textOf(parts[n])).join(''));
}

/** Markup of the library's own, as it is. Never of a value. */
export const raw = (text: string) => new Html(text);

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(textOf).join('');
  return part === false || part === null || part === undefined ? '' : escaped(String(part));
}

// What HTML cannot hold, and what would turn the text around it, is shown as a mark.
const escaped = (text: string) =>
  Buffer.from(text)
    .toString()
    .replaceAll(/(?![\t\n\r])\p{Cc}/gu, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string);
