import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { describe } from 'vitest';

const PATH = '/usr/bin/chromium';
const isRequired = (process.env.CONVLENS_REQUIRE ?? '').split(',').includes('chromium');
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A suite that needs Chromium: skipped where there is none, unless CONVLENS_REQUIRE says that there must be. */
export const describeInChromium = (title: string, body: () => void) =>
  existsSync(PATH) || isRequired
    ? describe(title, body)
    : describe.skip(`${title} (skipped: there is no ${PATH})`, body);

/** Opens a page in a browser with a profile of its own, and closes both when `use` is done. */
export async function withPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), 'convlens-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: PATH,
    args: ARGUMENTS,
    viewport: { width: 1280, height: 900 },
  });
  try {
    return await use(await context.newPage());
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}
