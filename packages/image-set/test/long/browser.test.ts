import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveBuiltPage, type BuiltPage } from '../../../../test/support/built-page.js';
import { describeInChromium, withPage } from '../../../../test/support/chromium.js';
import { archiveFiles } from '../../src/files.js';
import { expected, fixturePath, readFixture } from '../containers/fixtures.js';

const root = fileURLToPath(new URL('../page', import.meta.url));
const sha256 = createHash('sha256').update(Uint8Array.from(expected.trainPixels)).digest('hex');

const loaded = (name: string, classNames: readonly string[] = expected.classes) =>
  JSON.stringify({ name: `${name} train`, sha256, labels: expected.trainLabels, classNames });

/** A text of the reader of Parquet files, and one of its decompressors, in their scripts. */
const READER = 'parquet file invalid';
const DECOMPRESSORS = '[BrotliDecompress] invalid distance';

/** The scripts that a page has loaded, each with the lazy packages in it. */
async function lazyScripts(page: Page): Promise<string[]> {
  const urls = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
  const texts = await Promise.all(
    urls.filter((url) => url.endsWith('.js')).map(async (url) => (await fetch(url)).text()),
  );
  expect(texts.length).toBeGreaterThan(0);
  return [READER, DECOMPRESSORS].filter((text) => texts.some((script) => script.includes(text)));
}

const done = async (page: Page): Promise<string> => {
  await page.waitForFunction(() => /^[{f]/.test(document.title));
  return page.title();
};

describeInChromium('a bundled page in Chromium', () => {
  let served: BuiltPage;
  const folder = mkdtempSync(join(tmpdir(), 'convlens-page-images-'));
  beforeAll(async () => {
    served = await serveBuiltPage(root);
    const archive = archiveFiles(readFixture('pets.zip'));
    for (const name of await archive.list()) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), (await archive.read(name))!);
    }
  }, 60_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await served?.close();
  });

  it('loads a zip archive, then Parquet files, and their reader and decompressors only with the first that needs them', () =>
    withPage(served.url, async (page, { errors, strangers }) => {
      const select = async (name: string) => {
        await page.evaluate(() => (document.title = 'ready'));
        await page.setInputFiles('input:not([id])', fixturePath(name));
        return [await done(page), ...(await lazyScripts(page))];
      };
      await page.waitForFunction(() => document.title === 'ready');
      expect(await select('pets.zip')).toEqual([loaded('pets')]);
      expect(await select('pets.npz')).toEqual([loaded('pets', ['0', '1', '2'])]);
      expect(await select('hub/train-00000-of-00001.parquet').then(([, ...scripts]) => scripts)).toEqual([
        READER,
      ]);
      const [zstd, ...scripts] = await select('zstd.parquet');
      expect(zstd).not.toMatch(/^failed/);
      expect(scripts).toEqual([READER, DECOMPRESSORS]);
      expect(await select('lz4.parquet').then(([title]) => title)).toMatch(/^failed: Expected lz4\.parquet/);
      expect([errors, strangers]).toEqual([[], []]);
    }));

  it('loads a folder that a user selects, and one that a user drops', () =>
    withPage(served.url, async (page, { errors, strangers }) => {
      await page.waitForFunction(() => document.title === 'ready');
      await page.setInputFiles('#folder', join(folder, 'pets'));
      expect(await done(page)).toBe(loaded('pets'));
      await page.evaluate(() => (document.title = 'ready'));
      const session = await page.context().newCDPSession(page);
      const data = { items: [], files: [join(folder, 'pets')], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await session.send('Input.dispatchDragEvent', { type, x: 50, y: 150, data });
      expect(await done(page)).toBe(loaded('pets'));
      expect(await lazyScripts(page)).toEqual([]);
      expect([errors, strangers]).toEqual([[], []]);
    }));
});
