import { type Html, html, raw } from './html';
import { HEADER } from './origin';
import { SCRIPT } from './script';
import type { Shelf } from './settings';
import { STYLE } from './style';
import { mayBe, pathOf, type Visit } from './visit';

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%23b45309' d='M1 2h14v4H1zm1 5h12v7H2zm4 2v1h4V9z'/%3E%3C/svg%3E";

/** What a page is of. */
export interface PageOf {
  readonly title: string;
  readonly body: Html;
  /** The model that it is about. */
  readonly shelf?: Shelf | undefined;
}

/** A page, whole: its style and script are in it, and it loads nothing. */
export async function page(visit: Visit, { title, body, shelf }: PageOf): Promise<string> {
  const { settings, base, nonce } = visit;
  const allowed = await Promise.all(settings.shelves.map(async (each) => (await mayBe(visit, each, 'browse')) && each));
  const links = allowed.filter((each) => each !== undefined);
  const link = (each: Shelf) =>
    html`<li><a href="${pathOf(base, each)}"${each === shelf && raw(' aria-current="true"')}>${each.label}</a></li>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === settings.title ? title : `${title} · ${settings.title}`}</title>
<link rel="icon" href="${ICON}">
<style nonce="${nonce}">${raw(STYLE)}</style>
</head>
<body data-header="${HEADER}">
<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="home"><a href="${base}/">${settings.title}</a></p>
<nav aria-label="Models"><ul>${links.map(link)}</ul></nav>
</header>
<main id="main" tabindex="-1">
${body}
<noscript><p class="notice">Restoring and purging need JavaScript. Everything can be looked at without.</p></noscript>
</main>
<dialog id="dialog" aria-labelledby="dialog-title"><div id="dialog-body"></div></dialog>
<p id="status" class="hidden" role="status"></p>
<script nonce="${nonce}">${raw(SCRIPT)}</script>
</body>
</html>
`.text;
}
