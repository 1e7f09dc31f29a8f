import type { Page } from 'playwright-core';
import { withPage as openPage } from '../../../scripts/chromium.js';

export { describeInChromium } from '../../../scripts/chromium.js';

/** Opens an empty page in a browser with a profile of its own, and closes both when `use` is done. */
export async function withPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  let result: T;
  await openPage('about:blank', async (page) => {
    result = await use(page);
  });
  return result!;
}
