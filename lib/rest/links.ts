import type { Answer, Work } from './work';

/** Pages beside one: what is another in their URLs. */
export interface Beside {
  readonly next?: object;
  readonly previous?: object;
}

/** The pages beside one of that number. */
export const linksTo = (number: number, isMore: boolean): Beside => ({
  ...(isMore ? { next: { page: number + 1 } } : {}),
  ...(number > 1 ? { previous: { page: number - 1 } } : {}),
});

/** The answer of a page, which says in its body and in its header where the pages beside it are. */
export function withLinks({ context }: Work, body: object, beside: Beside): Answer {
  const to = (changes: object | undefined) => changes && link(context.request.originalUrl, changes);
  const [next, previous] = [to(beside.next), to(beside.previous)];
  const links = [next && `<${next}>; rel="next"`, previous && `<${previous}>; rel="prev"`].filter(Boolean);
  return {
    status: 200,
    body: { ...body, next: next ?? null, previous: previous ?? null },
    headers: links.length > 0 ? { Link: links.join(', ') } : {},
  };
}

/** The URL of the request, with other parameters. */
function link(url: string, changes: object): string {
  // A query may have question marks of its own.
  const [path = '', ...query] = url.split('?');
  const parameters = new URLSearchParams(query.join('?'));
  for (const [name, value] of Object.entries(changes)) parameters.set(name, String(value));
  return `${path}?${parameters}`;
}
