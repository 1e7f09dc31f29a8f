import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { build, createServer, preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeInChromium, dropFile, withPage } from '../../../scripts/chromium.js';

// On a busy machine a network takes its time.
vi.setConfig({ testTimeout: 60_000 });

const unusualFiles = unzipSync(
  readFileSync(new URL('../../../packages/keras-import/test/fixtures/unusual.zip', import.meta.url)),
);
const kerasFiles = unzipSync(
  readFileSync(new URL('../../../packages/keras-import/test/fixtures/models.zip', import.meta.url)),
);
const root = fileURLToPath(new URL('..', import.meta.url));
const settings = '?epochs=2&images=3000&learningRate=0.003&augmentation=on';

const statusOf = (page: Page) => page.locator('#status').textContent();
const textOf = (page: Page, selector: string) =>
  page.$eval(selector, (element) => element.textContent as string);

/** Waits until what the page says fits. */
const says = (page: Page, id: string, pattern: RegExp) =>
  page.locator(`#${id}`, { hasText: pattern }).waitFor({ timeout: 40_000 });

const isReady = (page: Page) => page.locator('#maps svg').waitFor();

/** The pictures of the maps that are shown. */
const mapsOf = (page: Page) =>
  page.$$eval('#maps svg image', (pictures) => pictures.map((one) => one.getAttribute('href')));

/** Does something and waits until another figure is there. */
async function redraws(page: Page, act: () => Promise<void>): Promise<void> {
  const before = await page.$('#maps svg');
  await act();
  await page.waitForFunction((old) => !old?.isConnected, before);
}

const chooseLayer = (page: Page, layer: string) => page.locator(`#layers b:text-is("${layer}")`).click();
const chooseImage = (page: Page, position: number) => page.locator('#images label').nth(position).click();

/** How many epochs each curve has, as its points tell, and what the figure says of itself. */
const curvesOf = (page: Page) =>
  page.$eval('#curves svg', (svg) => ({
    points: svg.querySelectorAll('circle[r="3"]').length / 4,
    says: svg.querySelector('desc')!.textContent,
  }));

describeInChromium('the built page in Chromium', () => {
  let folder: string;
  let server: PreviewServer;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convlens-demo-build-'));
    const options = { root, logLevel: 'error', build: { outDir: folder } } as const;
    await build({ ...options, build: { outDir: folder, emptyOutDir: true } });
    server = await preview({ ...options, preview: { port: 0 } });
    [url] = server.resolvedUrls!.local;
  }, 60_000);

  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('looks into the untrained network, then trains it, drawing curves that grow with each epoch', () =>
    withPage(url + settings, async (page, { errors, strangers }) => {
      await isReady(page);
      expect(await page.locator('#images label').count()).toBe(30);
      expect(await textOf(page, '#score')).toMatch(/^\d+ of 30 right$/);
      const untrained = await mapsOf(page);
      expect(untrained).toHaveLength(16);

      await page.getByRole('button', { name: 'Start training' }).click();
      await says(page, 'live', /Epoch 1 done: [\d.]+% of new images right/);
      expect(await curvesOf(page)).toEqual({ points: 1, says: expect.stringContaining('After 1 epoch:') });
      await says(page, 'status', /^2 epochs done\.$/);
      expect(await curvesOf(page)).toEqual({ points: 2, says: expect.stringContaining('After 2 epochs:') });
      await page.waitForFunction(
        (old) => document.querySelector('#maps svg image')!.getAttribute('href') !== old,
        untrained[0],
      );
      expect(await page.getByRole('button', { name: 'Go on to epoch 4' }).isEnabled()).toBe(true);
      expect(errors).toEqual([]);
      expect(strangers).toEqual([]);
    }));

  it('shows all maps of the layer and the image that are chosen, the probabilities and Grad-CAM', () =>
    withPage(url, async (page, { errors }) => {
      await isReady(page);
      for (const [layer, count] of Object.entries({ relu2: 32, pool3: 64, relu1: 16 })) {
        await redraws(page, () => chooseLayer(page, layer));
        expect(await mapsOf(page)).toHaveLength(count);
        expect(await textOf(page, '#maps title')).toContain(`What ${layer} makes of this`);
      }
      const maps = await mapsOf(page);
      const heat = await page.$eval('#cam svg', (svg) => svg.outerHTML);
      await redraws(page, () => chooseImage(page, 0));
      expect(await mapsOf(page)).not.toEqual(maps);
      expect(await textOf(page, '#maps title')).toBe('What relu1 makes of this disc');
      expect(await textOf(page, '#probabilities desc')).toMatch(/Predicted \w+ with/);
      expect(await page.$eval('#cam svg', (svg) => svg.outerHTML)).not.toBe(heat);
      await redraws(page, () => chooseLayer(page, 'fc1'));
      expect(await textOf(page, '#maps desc')).toMatch(/ of 64 units over/);
      expect(errors).toEqual([]);
    }));

  it('is used with the keyboard alone: stops within an epoch, goes on, starts over', () =>
    withPage(`${url}?epochs=1&images=10000`, async (page, { errors }) => {
      await isReady(page);
      await page.locator('#action').focus();
      await page.keyboard.press('Enter');
      await says(page, 'status', /^Epoch 1 of 1, batch [1-9]/);
      await page.keyboard.press('Enter');
      await says(page, 'status', /^Stopped in the first epoch\.$/);

      await page.locator('select[name=images]').selectOption('300');
      await page.locator('#action').press('Enter');
      await says(page, 'status', /^1 epoch done\.$/);
      await page.locator('#action').press('Enter');
      await says(page, 'status', /^2 epochs done\.$/);
      await page.locator('#restart').press('Enter');
      expect(await page.locator('#curves svg').count()).toBe(0);
      await says(page, 'status', /^1 epoch done\.$/);

      await page.locator('#images input:checked').focus();
      await redraws(page, () => page.keyboard.press('ArrowRight'));
      expect(await textOf(page, '#maps title')).toBe('What relu1 makes of this star');
      expect(errors).toEqual([]);
    }));

  it('looks into a network from a Keras file that is dropped on it, and back into its own', () =>
    withPage(url, async (page, { errors }) => {
      await isReady(page);
      const drop = (name: string, bytes: Uint8Array) => dropFile(page, 'main', { name, bytes });
      const layers = () => page.$$eval('#layers b', (names) => names.map((one) => one.textContent));
      const own = await layers();

      const name = 'cifar10-bn-6conv.keras';
      await redraws(page, () => drop(name, kerasFiles[name]));
      await says(page, 'file-says', /cifar10-bn-6conv\.keras is open\./);
      expect(await layers()).toEqual(expect.arrayContaining(['conv1_1', 'bn1_1', 'relu3_2', 'fc1']));
      await redraws(page, () => chooseLayer(page, 'relu2_1'));
      expect(await textOf(page, '#maps title')).toContain('relu2_1');
      expect(await textOf(page, '#probabilities desc')).toMatch(/Predicted class \d with/);

      await drop('cut.h5', kerasFiles['mnist-5x5.h5'].subarray(0, 3000));
      await says(page, 'file-says', /Expected cut\.h5 to be a whole HDF5 file/);
      await redraws(page, () => drop('mnist-5x5.h5', kerasFiles['mnist-5x5.h5']));
      await says(page, 'file-says', /mnist-5x5\.h5 is open\./);
      await redraws(page, () => page.getByRole('button', { name: 'Back to this one' }).click());
      await says(page, 'score', /of 30 right$/);
      expect(await layers()).toEqual(own);
      expect(errors).toEqual([]);
    }));

  it('opens the last of several files that are dropped at once, and networks without convolutions', () =>
    withPage(url, async (page, { errors }) => {
      await isReady(page);
      const last = 'mnist-small.h5';
      for (const name of ['cifar10-bn-6conv.keras', 'mnist-5x5.h5', last])
        await dropFile(page, 'main', { name, bytes: kerasFiles[name] });
      await says(page, 'file-says', /^mnist-small\.h5 is open\./);
      await redraws(page, () =>
        dropFile(page, 'main', { name: 'dense.keras', bytes: unusualFiles['dense.keras'] }),
      );
      await says(page, 'file-says', /dense\.keras is open\./);
      expect(await textOf(page, '#cam title')).toMatch(/\(Saliency\)$/);
      await dropFile(page, 'main', { name: 'multi-input.h5', bytes: kerasFiles['multi-input.h5'] });
      await says(page, 'file-says', /a network that reads one image/);
      expect(await page.locator('body.failed').count()).toBe(0);
      expect(errors).toEqual([]);
    }));

  it('fits a telephone, and follows the colours that the reader prefers', () =>
    withPage(url, async (page) => {
      await isReady(page);
      const groundOf = () =>
        page.$eval('#maps svg rect', (ground) => [
          ground.getAttribute('fill'),
          getComputedStyle(ground.closest('section')!).backgroundColor,
        ]);
      expect(await groundOf()).toEqual(['#ffffff', 'rgb(255, 255, 255)']);
      await redraws(page, () => page.emulateMedia({ colorScheme: 'dark' }));
      expect(await groundOf()).toEqual(['#12171e', 'rgb(18, 23, 30)']);
      await redraws(page, () => page.setViewportSize({ width: 390, height: 844 }));
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }));

  it('says what is wrong with a setting in its address, and what could not be loaded', async () => {
    await withPage(`${url}?images=17`, async (page) => {
      expect(await page.getByRole('alert').textContent()).toBe(
        'Expected images to be one of 300, 1000, 2000, 3000, 5000, 10000, got "17"',
      );
    });
    await withPage('about:blank', async (page) => {
      await page.context().route(/worker/, (route) => route.abort());
      await page.goto(url);
      await says(page, 'failure', /could not be loaded/);
      expect(await page.locator('#action').isDisabled()).toBe(true);
    });
  });
});

describeInChromium('the page as it is developed', () => {
  it('runs from live source', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'convlens-demo-vite-'));
    const server = await createServer({
      root,
      cacheDir,
      logLevel: 'error',
      server: { port: 0, hmr: false, watch: null },
    });
    try {
      await server.listen();
      await withPage(server.resolvedUrls!.local[0], async (page, { errors, strangers }) => {
        await isReady(page);
        expect(await statusOf(page)).toBe('It has learned nothing yet: it guesses.');
        expect(errors).toEqual([]);
        expect(strangers).toEqual([]);
      });
    } finally {
      await server.close();
      await rm(cacheDir, { recursive: true, force: true });
    }
  }, 60_000);
});
