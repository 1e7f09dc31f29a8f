import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { launchBrowser } from '../../../test/support/chromium.js';

export { describeInChromium } from '../../../test/support/chromium.js';

let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** Opens an empty page with a context of its own in the one browser of this file, and closes it when `use` is done. */
export async function withPage<T>(
  use: (page: Page) => Promise<T>,
  options: BrowserContextOptions = {},
): Promise<T> {
  browser ??= launchBrowser();
  const context = await (await browser).newContext({ viewport: { width: 1280, height: 900 }, ...options });
  try {
    return await use(await context.newPage());
  } finally {
    await context.close();
  }
}
