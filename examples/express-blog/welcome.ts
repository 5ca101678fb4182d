import fs from 'node:fs';
import path from 'node:path';
import type { RequestHandler } from 'express';

const LINKS = {
  '/authors': 'authors',
  '/posts?include=author,comments': 'posts, with their authors and comments',
  '/comments?postId=1': 'comments of a post',
  '/posts/deleted': 'archived posts (sign in as editor or support; there are no passwords)',
};

/** The page at `/`: where to look, and the lines of README.md to try. */
export function welcome(more: Readonly<Record<string, string>> = {}): RequestHandler {
  const readme = fs.readFileSync(path.join(__dirname, 'README.md'), 'utf8');
  const lines = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block).slice(1);
  const links = Object.entries({ ...LINKS, ...more });
  const items = links.map(([href, text]) => `<li><a href="${inHtml(href)}">${inHtml(href)}</a>: ${inHtml(text)}</li>`);
  return (request, response) => {
    const host = request.get('host') ?? 'localhost:3000';
    const shell = lines.join('\n').replaceAll('localhost:3000', host);
    response.type('html').send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>express-blog</title>
<h1>express-blog</h1>
<ul>
${items.join('\n')}
</ul>
<pre>${inHtml(shell)}</pre>
</html>
`);
  };
}

const inHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll('>', '&gt;');
