import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { launchBrowser } from '../../../../test/support/chromium.js';

export { describeInChromium } from '../../../../test/support/chromium.js';

let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/**
 * Opens an empty page in a new context of the browser of this test file, and closes the context after `use`.
 */
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
