import type { Reply, useServer } from '../support/client';

type Server = ReturnType<typeof useServer>;

/** What the page's own script sends. */
export const OWN = { 'x-guitars-archive': '1', 'sec-fetch-site': 'same-origin' } as const;

/** Asks as the page's own script does. */
export const posting =
  ({ ask }: Server, base = '/archive') =>
  (path: string, body: unknown, headers: Record<string, string> = OWN): Promise<Reply> =>
    ask('POST', base + path, { body, headers });

/** The text of markup, as it is read. */
export const read = (markup: string): string =>
  markup
    .replaceAll(/<(?:style|script)[\s\S]*?<\/(?:style|script)>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[,.:?])/g, '');
