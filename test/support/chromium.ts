import { existsSync } from 'node:fs';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { afterAll } from 'vitest';
import { describeWith } from './requirements.js';

const PATH = process.env.CONVLENS_CHROMIUM ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const describeIfPresent = describeWith({
  name: 'chromium',
  isPresent: existsSync(PATH),
  absence: `there is no ${PATH}`,
});

let browser: Promise<Browser> | undefined;

async function closeBrowser(): Promise<void> {
  const opened = browser;
  browser = undefined;
  await (await opened)?.close();
}

/** Tests that share a browser, which starts with the first `openContext`. */
export const describeInChromium = (title: string, body: () => void) =>
  describeIfPresent(title, () => {
    afterAll(closeBrowser);
    body();
  });

/** A context of the browser: cookies, storage and caches of its own. Whoever opens it closes it. */
export async function openContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  browser ??= chromium.launch({ executablePath: PATH, headless: true, args: ARGUMENTS });
  return (await browser).newContext({ viewport: { width: 1280, height: 900 }, ...options });
}

/** What must stay empty while the page is used. */
export interface Faults {
  /** Messages of errors and warnings, and of errors that nobody caught. */
  readonly errors: string[];
  /** Addresses outside the page's own origin. */
  readonly strangers: string[];
}

/** Opens an address in a context of its own, which is closed when `use` is done. */
export async function withPage(
  url: string,
  use: (page: Page, faults: Faults) => Promise<void>,
): Promise<void> {
  const context = await openContext();
  try {
    const page = await context.newPage();
    const faults: Faults = { errors: [], strangers: [] };
    context.on('request', (request) => {
      const address = new URL(request.url());
      if (!['data:', 'blob:'].includes(address.protocol) && address.origin !== new URL(url).origin)
        faults.strangers.push(address.href);
    });
    page.on('pageerror', ({ message }) => faults.errors.push(message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.errors.push(message.text());
    });
    await page.goto(url);
    await use(page, faults);
  } finally {
    await context.close();
  }
}

/** Drops a file on the element that a selector finds. */
export async function dropFile(
  page: Page,
  selector: string,
  { name, bytes }: { name: string; bytes: Uint8Array },
): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ({ base64, name }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name));
      return transfer;
    },
    { base64: Buffer.from(bytes).toString('base64'), name },
  );
  await page.dispatchEvent(selector, 'drop', { dataTransfer });
}
