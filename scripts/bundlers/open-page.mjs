import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** Serves a folder on this machine; returns its address and a function that ends it. */
async function serve(folder) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const path = join(folder, pathname === '/' ? 'index.html' : pathname);
    try {
      response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
      response.end(await readFile(path));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}

/**
 * Opens a built page in Chromium and uses the packages there.
 *
 * @returns the result of `usePackages` for each backend
 */
export async function openPage(folder, executablePath) {
  const { address, stop } = await serve(folder);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    const faults = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await page.goto(address);
    await page
      .waitForFunction(() => 'convlens' in globalThis, undefined, { timeout: 60_000 })
      .catch(() => {});
    const used = faults.length > 0 ? [] : await page.evaluate(() => globalThis.convlens.usePackages());
    const imageCount = await page.evaluate(() => document.querySelectorAll('svg image').length);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    if (imageCount === 0) throw new Error('No figure is in the page');
    return used;
  } finally {
    await browser.close();
    stop();
  }
}
