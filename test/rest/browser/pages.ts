import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ROOT } from '../../docs/pages';

/** Where screenshots go; git knows nothing of it. */
export const RESULTS = path.join(ROOT, 'test-results');

/** A page that must not ask another origin for anything, nor complain. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Fails if it did; what Chromium itself writes of an answer with this status is expected. */
  checked(status?: number): Promise<void>;
}

/** Opens a page of one origin. */
export async function watched(
  browser: Browser,
  origin: string,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Watched> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1120, height: 760 } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) faults.push(`a request to ${url}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  const checked = async (status?: number) => {
    await context.close();
    expect(faults.filter((fault) => !fault.includes(`responded with a status of ${status} `))).to.deep.equal([]);
  };
  return { page, context, checked };
}

/** Keeps a picture of a page. */
export async function screenshot(page: Page, name: string): Promise<Buffer> {
  fs.mkdirSync(RESULTS, { recursive: true });
  return page.screenshot({ path: path.join(RESULTS, `${name}.png`), animations: 'disabled' });
}
