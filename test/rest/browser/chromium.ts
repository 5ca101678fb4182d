import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser that there is: the one that `GUITARS_CHROMIUM` names, else one of the usual ones on the path. */
function chromiumPath(): string | undefined {
  const { GUITARS_CHROMIUM } = process.env;
  if (GUITARS_CHROMIUM) return GUITARS_CHROMIUM;
  for (const name of NAMES) {
    try {
      const found = execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
      if (found && fs.existsSync(found)) return found;
    } catch {}
  }
  return undefined;
}

/** A browser for one `describe` block, whose tests are skipped where there is none. */
export function useChromium(): () => Browser {
  let browser: Browser | undefined;
  before('start a browser', async function () {
    this.timeout(120_000);
    const executablePath = chromiumPath();
    if (!executablePath) {
      console.log(
        `      Skipped: there is no browser. Install one (Debian: apt-get install chromium), or name it by GUITARS_CHROMIUM.`,
      );
      return this.skip();
    }
    browser = await chromium.launch({ executablePath, args: ARGS, timeout: 90_000 });
  });
  after('close the browser', () => browser?.close());
  return () => browser as Browser;
}
