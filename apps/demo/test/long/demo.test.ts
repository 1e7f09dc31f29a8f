import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEntry, idsOf, preprocess, randomAt, type ImageSet } from '@convlens/core';
import { luminance, resizeImage, type DecodedImage } from '@convlens/image-set/folder';
import { loadPretrained, MODEL_CARDS, type PretrainedName } from '@convlens/pretrained';
import * as tf from '@tensorflow/tfjs';
import { encode } from 'fast-png';
import { createServer } from 'vite';
import { expect, it, vi } from 'vitest';
import { describeInChromium, dropFile, withPage } from '../../../../test/support/chromium.js';
import { builtDemo } from '../built-demo.js';
import {
  chooseFiles,
  chooseImage,
  chooseLayer,
  chooseModel,
  kerasFiles,
  modelSelect,
  readCurves,
  readLayerNames,
  readMaps,
  readPixels,
  readProbabilities,
  readText,
  selectedModel,
  unusualFiles,
  waitForNewMaps,
  waitForText,
  waitUntilOpen,
  waitUntilReady,
} from '../demo-page.js';

// Inference is slow on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An image that is not square and has more detail than a model reads, so that cropping and resizing matter. */
function generatePhoto({ height = 150, width = 200 } = {}): DecodedImage {
  const random = randomAt(7, 'picture');
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const isInside = (x - width / 3) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2;
    return (isInside ? 190 - 40 * (i % 3) : 30 + 0.5 * x) + 60 * random() * ((x + y) % 2);
  });
  return { pixels, height, width };
}

const encodePng = ({ pixels, height, width }: DecodedImage) =>
  encode({ data: pixels, height, width, channels: 3, depth: 8 });

/** The pixels of a photo as a model reads them, in color, and the prediction, computed in Node. */
async function predictInNode(
  name: PretrainedName,
  photo: DecodedImage,
): Promise<{ pixels: number[]; probabilities: number[] }> {
  const { model, card, preprocessing, classNames } = await loadPretrained(name);
  const [height, width, channels] = card.inputShape;
  const { pixels: rgb } = resizeImage(photo, { height, width, fit: 'center-crop' });
  const pixels = channels === 3 ? rgb : luminance(rgb);
  const images: ImageSet = { kind: 'image-set', name, pixels, count: 1, height, width, channels, classNames };
  const probabilities = tf.tidy(() =>
    (
      model.predict(tf.tensor(preprocess(images, preprocessing), [1, ...card.inputShape])) as tf.Tensor
    ).dataSync(),
  );
  model.dispose();
  return { pixels: toColor(pixels, channels), probabilities: [...probabilities] };
}

const toColor = (pixels: Uint8Array, channels: number) =>
  [...pixels].flatMap((value) => (channels === 3 ? value : [value, value, value]));

describeInChromium('the built page in Chromium', () => {
  const url = builtDemo();

  it('shows all feature maps of the chosen layer for the chosen image, the probabilities and Grad-CAM', () =>
    withPage(url(), async (page, { errors }) => {
      await waitUntilReady(page);
      for (const [layer, count] of Object.entries({ relu2: 32, pool3: 64, relu1: 16 })) {
        await waitForNewMaps(page, () => chooseLayer(page, layer));
        expect(await readMaps(page)).toHaveLength(count);
        expect(await readText(page, '#maps title')).toContain(`Feature maps of ${layer} for this`);
      }
      const maps = await readMaps(page);
      const heatmap = await page.$eval('#heatmap svg', (svg) => svg.outerHTML);
      await waitForNewMaps(page, () => chooseImage(page, 0));
      expect(await readMaps(page)).not.toEqual(maps);
      expect(await readText(page, '#maps title')).toBe('Feature maps of relu1 for this disc');
      expect(await readText(page, '#probabilities desc')).toMatch(/Predicted \w+ with/);
      expect(await page.$eval('#heatmap svg', (svg) => svg.outerHTML)).not.toBe(heatmap);
      await waitForNewMaps(page, () => chooseLayer(page, 'fc1'));
      expect(await readText(page, '#maps desc')).toMatch(/ of 64 units above/);
      expect(errors).toEqual([]);
    }));

  it('works with the keyboard alone: stops within an epoch, continues, starts over', () =>
    withPage(`${url()}?epochs=1&images=10000`, async (page, { errors }) => {
      await waitUntilReady(page);
      await page.locator('#action').focus();
      await page.keyboard.press('Enter');
      await waitForText(page, 'status', /^Epoch 1 of 1, batch [1-9]/);
      await page.keyboard.press('Enter');
      await waitForText(page, 'status', /^Stopped in the first epoch\.$/);

      await page.locator('select[name=images]').selectOption('300');
      await page.locator('#action').press('Enter');
      await waitForText(page, 'status', /^1 epoch done\.$/);
      await page.locator('#action').press('Enter');
      await waitForText(page, 'status', /^2 epochs done\.$/);
      await page.locator('#restart').press('Enter');
      await waitForText(page, 'status', /^1 epoch done\.$/);
      expect(await readCurves(page)).toMatchObject({ points: 1 });

      await page.locator('#images input:checked').focus();
      await waitForNewMaps(page, () => page.keyboard.press('ArrowRight'));
      expect(await readText(page, '#maps title')).toBe('Feature maps of relu1 for this star');
      expect(errors).toEqual([]);
    }));

  it('opens the last of several files that are dropped at once, and models without convolutions', () =>
    withPage(url(), async (page, { errors }) => {
      await waitUntilReady(page);
      const last = 'mnist-small.h5';
      for (const name of ['cifar10-bn-6conv.keras', 'mnist-5x5.h5', last])
        await dropFile(page, 'main', { name, bytes: kerasFiles[name] });
      await waitForText(page, 'model-status', /^mnist-small\.h5 is open\./);
      // The error of one file stays visible when the other one is open.
      const files = {
        'cut.h5': kerasFiles[last].subarray(0, 3000),
        'mnist-5x5.h5': kerasFiles['mnist-5x5.h5'],
      };
      await chooseFiles(page, files);
      await waitForText(page, 'model-status', /^mnist-5x5\.h5 is open\./);
      await waitForText(page, 'file-status', /^Expected cut\.h5 to be a valid HDF5 file/);
      await waitForNewMaps(page, () =>
        dropFile(page, 'main', { name: 'dense.keras', bytes: unusualFiles['dense.keras'] }),
      );
      await waitForText(page, 'model-status', /dense\.keras is open\./);
      expect(await readText(page, '#heatmap title')).toMatch(/^Saliency for class \d$/);
      await dropFile(page, 'main', { name: 'multi-input.h5', bytes: kerasFiles['multi-input.h5'] });
      await waitForText(page, 'file-status', /a classifier of single grayscale or RGB images/);
      expect(await page.locator('body.failed').count()).toBe(0);
      expect(errors).toEqual([]);
    }));

  it('loads a pretrained model when it is chosen, and shows its card', () =>
    withPage(`${url()}?epochs=1&images=300`, async (page, { errors, strangers }) => {
      const requested: string[] = [];
      page.context().on('request', (request) => requested.push(request.url()));
      const weightsOf = (name: string) => requested.filter((address) => address.includes(`${name}-`));
      await waitUntilReady(page);
      const card = findEntry('model', 'cifar10-bn-6conv', MODEL_CARDS);
      await waitForNewMaps(page, () => chooseModel(page, card.id));
      await waitUntilOpen(page, card.id);
      const description = await readText(page, '#model-status');
      expect(description).toContain(
        'trained on 45,000 images of CIFAR-10 and has an accuracy of 86.72% on 10,000 test images',
      );
      for (const name of card.classNames) expect(description).toContain(name);
      expect(await page.$$eval('#limitations li', (items) => items.map((item) => item.textContent))).toEqual(
        card.limitations,
      );
      expect(await readLayerNames(page)).toEqual(
        expect.arrayContaining(['conv1_1', 'bn1_1', 'relu3_2', 'fc2']),
      );
      const predicted = await page.$$eval('#images b', (elements) =>
        elements.map((element) => element.textContent),
      );
      expect(predicted).toHaveLength(30);
      expect(card.classNames).toEqual(expect.arrayContaining([...new Set(predicted)]));
      expect(await readText(page, '#score')).toBe('');
      expect(await page.locator('.correct, .wrong').count()).toBe(0);
      expect(weightsOf(card.id)).toHaveLength(1);
      expect(weightsOf('cifar10-fast')).toEqual([]);
      expect(errors).toEqual([]);
      expect(strangers).toEqual([]);
    }));

  it('shows the model that was chosen last, while another one trains and starts over', () =>
    withPage(`${url()}?epochs=1&images=300&model=cifar10-bn-6conv`, async (page, { errors }) => {
      await waitUntilReady(page);
      await waitUntilOpen(page, 'cifar10-bn-6conv');
      await page.getByRole('button', { name: 'Start training' }).click();
      await chooseModel(page, 'shapes-3conv');
      await chooseModel(page, 'cifar10-bn-6conv');
      await chooseModel(page, 'mnist-5x5');
      await waitUntilOpen(page, 'mnist-5x5');
      await waitForText(page, 'status', /^1 epoch done\.$/);
      await page.getByRole('button', { name: 'Start over' }).click();
      await waitForText(page, 'status', /^1 epoch done\.$/);
      expect(await readLayerNames(page)).toEqual([
        'conv1',
        'relu1',
        'pool1',
        'conv2',
        'relu2',
        'pool2',
        'fc1',
      ]);
      expect(await selectedModel(page)).toBe('mnist-5x5');

      await chooseModel(page, 'cifar10-bn-6conv');
      await chooseModel(page, 'shapes-3conv');
      await waitForText(page, 'score', /of 30 correct$/);
      expect(await readText(page, '#model-status')).toBe('');
      expect(await selectedModel(page)).toBe('shapes-3conv');
      expect(await readLayerNames(page)).toContain('conv3');
      expect(errors).toEqual([]);
    }));

  it('loads only the model that the arrow keys end at, and handles files in their order', () =>
    withPage(url(), async (page, { errors }) => {
      const names = idsOf(MODEL_CARDS);
      const loaded = new Set<string>();
      page.context().on('request', (request) => {
        const name = names.find((candidate) => request.url().includes(`/${candidate}-`));
        if (name) loaded.add(name);
      });
      await waitUntilReady(page);
      let release = () => {};
      const released = new Promise<void>((resolve) => (release = resolve));
      await page.context().route(new RegExp(`/${names[0]}-`), async (route) => {
        await released;
        await route.continue();
      });
      const folder = await mkdtemp(join(tmpdir(), 'convlens-demo-files-'));
      try {
        const select = modelSelect(page);
        for (let i = 0; i < 3; i++) await select.press('ArrowDown');
        expect(await selectedModel(page)).toBe(names[2]);
        const lost = join(folder, 'lost.png');
        await writeFile(lost, encodePng(generatePhoto()));
        await page.setInputFiles('#file', lost);
        await rm(lost);
        await dropFile(page, 'main', { name: 'mnist-5x5.h5', bytes: kerasFiles['mnist-5x5.h5'] });
        await select.press('ArrowDown');
        release();
        await waitUntilOpen(page, names[3]);
        await waitForText(page, 'file-status', /^lost\.png cannot be read: /);
        expect(await selectedModel(page)).toBe(names[3]);
        expect([...loaded]).toEqual([names[0], names[3]]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
      expect(errors).toEqual([]);
    }));

  it('adds a dropped image to the inputs of every model, with the pixels and predictions that Node computes', () =>
    withPage(url(), async (page, { errors, strangers }) => {
      await waitUntilReady(page);
      const photo = generatePhoto();
      await waitForNewMaps(page, () => dropFile(page, 'main', { name: 'mine.png', bytes: encodePng(photo) }));
      await waitForText(page, 'file-status', /^Added mine\.png before the test images\.$/);
      const first = page.locator('#images label').first();
      expect(await first.locator('input').isChecked()).toBe(true);
      expect(await first.locator('small').textContent()).toBe('your image');
      expect(await first.getAttribute('class')).toBe('radio-option');
      expect(await readText(page, '#maps title')).toBe('Feature maps of relu1 for your image');
      expect(await readText(page, '#score')).toMatch(/of 30 correct$/);
      const { pixels } = resizeImage(photo, { height: 32, width: 32, fit: 'center-crop' });
      expect(await readPixels(page, 0)).toEqual([...pixels]);

      for (const name of ['mnist-5x5', 'cifar10-fast'] as const) {
        const expected = await predictInNode(name, photo);
        await waitForNewMaps(page, () => chooseModel(page, name));
        await waitUntilOpen(page, name);
        await page.locator('#images b', { hasText: /./ }).first().waitFor();
        expect(await readPixels(page, 0)).toEqual(expected.pixels);
        const probabilities = await readProbabilities(page);
        const maxError = Math.max(
          ...probabilities.map((value, i) => Math.abs(value - expected.probabilities[i])),
        );
        expect(probabilities).toHaveLength(10);
        expect([name, maxError < 1e-3]).toEqual([name, true]);
      }
      expect(errors).toEqual([]);
      expect(strangers).toEqual([]);
    }));

  it('adds several chosen images during training, and names those that it cannot decode', () =>
    withPage(`${url()}?epochs=2&images=300`, async (page, { errors }) => {
      await waitUntilReady(page);
      const webp = await page.evaluate(async () => {
        const canvas = new OffscreenCanvas(90, 60);
        canvas.getContext('2d')!.fillRect(0, 0, 90, 60);
        const file = await canvas.convertToBlob({ type: 'image/webp' });
        return [...new Uint8Array(await file.arrayBuffer())];
      });
      const png = encodePng(generatePhoto({ height: 40, width: 40 }));
      const files = { 'a.png': png, 'cut.png': png.subarray(0, 60), 'b.webp': Uint8Array.from(webp) };
      await page.getByRole('button', { name: 'Start training' }).click();
      await chooseFiles(page, files);
      await waitForText(
        page,
        'file-status',
        /^Added a\.png, b\.webp before.* Expected cut\.png to be an image/,
      );
      await waitForText(page, 'status', /^2 epochs done\.$/);
      await waitForText(page, 'score', /of 30 correct$/);
      const names = await page.$$eval('#images input', (inputs) => inputs.map((input) => input.ariaLabel));
      expect(names).toHaveLength(32);
      expect(names.slice(0, 3)).toEqual([
        expect.stringMatching(/^Your image, b\.webp: predicted \w+, \d+%$/),
        expect.stringMatching(/^Your image, a\.png: predicted \w+, \d+%$/),
        expect.stringMatching(/^Image \d+, disc: predicted \w+, \d+%, (correct|wrong)$/),
      ]);
      expect(await readPixels(page, 0)).toEqual(Array(32 * 32 * 3).fill(0));
      expect(errors).toEqual([]);
    }));

  it('keeps the open model if another one cannot be loaded, and loads that one later', () =>
    withPage(url(), async (page) => {
      await waitUntilReady(page);
      await page.context().route(/mnist-5x5/, (route) => route.abort());
      await chooseModel(page, 'mnist-5x5');
      await waitForText(page, 'file-status', /^mnist-5x5 cannot be opened: Failed to fetch/);
      expect(await selectedModel(page)).toBe('shapes-3conv');
      await page.context().unroute(/mnist-5x5/);
      await chooseModel(page, 'mnist-5x5');
      await waitUntilOpen(page, 'mnist-5x5');
      expect(await readText(page, '#file-status')).toBe('');
    }));

  it('fits a phone, and follows the preferred color scheme', () =>
    withPage(url(), async (page) => {
      await waitUntilReady(page);
      const readBackgrounds = () =>
        page.$eval('#maps svg rect', (background) => [
          background.getAttribute('fill'),
          getComputedStyle(background.closest('section')!).backgroundColor,
        ]);
      expect(await readBackgrounds()).toEqual(['#ffffff', 'rgb(255, 255, 255)']);
      await waitForNewMaps(page, () => page.emulateMedia({ colorScheme: 'dark' }));
      expect(await readBackgrounds()).toEqual(['#12171e', 'rgb(18, 23, 30)']);
      await dropFile(page, 'main', { name: 'mine.png', bytes: encodePng(generatePhoto()) });
      await waitForNewMaps(page, () => chooseModel(page, 'cifar10-bn-6conv'));
      await waitUntilOpen(page, 'cifar10-bn-6conv');
      await waitForNewMaps(page, () => page.setViewportSize({ width: 390, height: 844 }));
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }));

  it('reports an invalid URL parameter, and a worker that could not be loaded', async () => {
    await withPage(`${url()}?images=17`, async (page) => {
      expect(await page.getByRole('alert').textContent()).toBe(
        'Expected images to be one of 300, 1000, 2000, 3000, 5000, 10000, got "17"',
      );
    });
    await withPage(`${url()}?model=vgg16`, async (page) => {
      expect(await page.getByRole('alert').textContent()).toBe(
        `Expected model to be one of shapes-3conv, ${idsOf(MODEL_CARDS).join(', ')}, got "vgg16"`,
      );
    });
    await withPage('about:blank', async (page) => {
      await page.context().route(/worker/, (route) => route.abort());
      await page.goto(url());
      await waitForText(page, 'failure', /could not be loaded/);
      expect(await page.locator('#action').isDisabled()).toBe(true);
    });
  });
});

describeInChromium('the development server', () => {
  it('serves the page from source', async () => {
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
        await waitUntilReady(page);
        expect(await readText(page, '#status')).toBe('Not trained yet: predictions are random.');
        expect(errors).toEqual([]);
        expect(strangers).toEqual([]);
      });
    } finally {
      await server.close();
      await rm(cacheDir, { recursive: true, force: true });
    }
  }, 60_000);
});
