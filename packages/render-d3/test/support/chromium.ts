import type { BrowserContextOptions, Page } from 'playwright-core';
import { openContext } from '../../../../test/support/chromium.js';

export { describeInChromium } from '../../../../test/support/chromium.js';

/** Opens an empty page in a new context, and closes the context after `use`. */
export async function withPage<T>(
  use: (page: Page) => Promise<T>,
  options: BrowserContextOptions = {},
): Promise<T> {
  const context = await openContext(options);
  try {
    return await use(await context.newPage());
  } finally {
    await context.close();
  }
}
