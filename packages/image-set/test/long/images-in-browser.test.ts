import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium, withPage } from '../../../../test/support/chromium.js';
import type * as Folder from '../../src/folder.js';
import { otherImages, type ImageFixture } from '../codecs/fixtures.js';

declare const folder: typeof Folder;

/** The entry as one script, whose global `folder` has its exports. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../../src/folder.ts', import.meta.url));
  const output = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@convlens/source'] },
    build: { write: false, lib: { entry, formats: ['iife'], name: 'folder' } },
  });
  const [{ output: chunks }] = output as { output: { code?: string }[] }[];
  return chunks[0].code!;
}

/** The largest difference of the pixels in the page to those that Pillow reads. */
const differenceInPage = async ({ file, pixels }: ImageFixture) => {
  const bytesOf = (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const image = await folder.readImage(bytesOf(file));
  const expected = bytesOf(pixels);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - image.pixels[i])), 0);
};

describeInChromium('readImage in Chromium', () => {
  let server: Server;
  beforeAll(async () => {
    const script = await bundle();
    server = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end(`<!doctype html><script>${script}</script>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  it('reads the pixels that Pillow reads, or blends them to others that differ by 1', () =>
    withPage(address(), async (page, { errors }) => {
      for (const [name, fixture] of Object.entries(otherImages)) {
        const difference = await page.evaluate(differenceInPage, fixture);
        expect([name, difference <= (/^WebP.*alpha/.test(name) ? 1 : 0)]).toEqual([name, true]);
      }
      expect(errors).toEqual([]);
    }));

  it('refuses a damaged WebP', () =>
    withPage(address(), async (page) => {
      const message = await page.evaluate(async (text) => {
        const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
        bytes.fill(0, 23, 26);
        return folder.readImage(bytes, { name: 'a.webp' }).catch((error: Error) => error.message);
      }, otherImages['WebP, lossy'].file);
      expect(message).toMatch(/^a\.webp: expected a WebP image, found a damaged one/);
    }));
});
