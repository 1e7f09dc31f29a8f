import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preprocess, randomAt, type ImageSet } from '@convlens/core';
import { luminance, resizeImage, type DecodedImage } from '@convlens/image-set/folder';
import { loadPretrained, PRETRAINED, type PretrainedName } from '@convlens/pretrained';
import * as tf from '@tensorflow/tfjs';
import { encode } from 'fast-png';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { build, createServer, preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeInChromium, dropFile, withPage } from '../../../test/support/chromium.js';

// On a busy machine a network takes its time.
vi.setConfig({ testTimeout: 60_000 });

const unusualFiles = unzipSync(
  readFileSync(new URL('../../../packages/model-import/test/fixtures/unusual.zip', import.meta.url)),
);
const kerasFiles = unzipSync(
  readFileSync(new URL('../../../packages/model-import/test/fixtures/models.zip', import.meta.url)),
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

const chooseNetwork = async (page: Page, name: string) =>
  void (await page.getByRole('combobox', { name: 'Network', exact: true }).selectOption(name));
const chosenNetwork = (page: Page) => page.locator('#network').inputValue();
const isOpen = (page: Page, name: string) => says(page, 'network-says', new RegExp(`^${name} is open\\.`));

const layersOf = (page: Page) =>
  page.$$eval('#layers b', (names) => names.map((one) => one.textContent as string));

/** A picture that is no square, with more detail than any network reads: it matters how it is cut and made smaller. */
function drawPicture({ height = 150, width = 200 } = {}): DecodedImage {
  const random = randomAt(7, 'picture');
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const isInside = (x - width / 3) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2;
    return (isInside ? 190 - 40 * (i % 3) : 30 + 0.5 * x) + 60 * random() * ((x + y) % 2);
  });
  return { pixels, height, width };
}

const pngOf = ({ pixels, height, width }: DecodedImage) =>
  encode({ data: pixels, height, width, channels: 3, depth: 8 });

/** A picture as a network reads it, and what the network says of it, in Node. */
async function readInNode(
  name: PretrainedName,
  picture: DecodedImage,
): Promise<{ pixels: number[]; probabilities: number[] }> {
  const { model, card, preprocessing, classNames } = await loadPretrained(name);
  const [height, width, channels] = card.inputShape;
  const { pixels: rgb } = resizeImage(picture, { height, width, fit: 'crop' });
  const pixels = channels === 3 ? rgb : luminance(rgb);
  const images: ImageSet = { kind: 'image-set', name, pixels, count: 1, height, width, channels, classNames };
  const probabilities = tf.tidy(() =>
    (
      model.predict(tf.tensor(preprocess(images, preprocessing), [1, ...card.inputShape])) as tf.Tensor
    ).dataSync(),
  );
  model.dispose();
  return { pixels: colours(pixels, channels), probabilities: [...probabilities] };
}

const colours = (pixels: Uint8Array, channels: number) =>
  [...pixels].flatMap((value) => (channels === 3 ? value : [value, value, value]));

/** The pixels of an image among the test images, as they are shown. */
const shownPixels = (page: Page, position: number) =>
  page.$$eval(
    '#images canvas',
    (canvases, position) => {
      const canvas = canvases[position] as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return [...data].filter((_, i) => i % 4 < 3);
    },
    position,
  );

/** The probabilities of all classes as they can be read, to a tenth of a percent. */
const shownProbabilities = (page: Page) =>
  page.$$eval('#probabilities svg text', (texts) =>
    texts
      .map((text) => /^([\d.]+\.\d)%/.exec(text.textContent!)?.[1])
      .filter((found) => found !== undefined)
      .map((found) => Number(found) / 100),
  );

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
      await says(page, 'status', /^1 epoch done\.$/);
      expect(await curvesOf(page)).toMatchObject({ points: 1 });

      await page.locator('#images input:checked').focus();
      await redraws(page, () => page.keyboard.press('ArrowRight'));
      expect(await textOf(page, '#maps title')).toBe('What relu1 makes of this star');
      expect(errors).toEqual([]);
    }));

  it('looks into a network from a Keras file that is dropped on it, and back into its own', () =>
    withPage(url, async (page, { errors }) => {
      await isReady(page);
      const drop = (name: string, bytes: Uint8Array) => dropFile(page, 'main', { name, bytes });
      const layers = () => layersOf(page);
      const own = await layers();

      const name = 'cifar10-bn-6conv.keras';
      await redraws(page, () => drop(name, kerasFiles[name]));
      await says(page, 'network-says', /cifar10-bn-6conv\.keras is open\./);
      expect(await layers()).toEqual(expect.arrayContaining(['conv1_1', 'bn1_1', 'relu3_2', 'fc1']));
      await redraws(page, () => chooseLayer(page, 'relu2_1'));
      expect(await textOf(page, '#maps title')).toContain('relu2_1');
      expect(await textOf(page, '#probabilities desc')).toMatch(/Predicted class \d with/);

      await drop('cut.h5', kerasFiles['mnist-5x5.h5'].subarray(0, 3000));
      await says(page, 'file-says', /Expected cut\.h5 to be a whole HDF5 file/);
      await redraws(page, () => drop('mnist-5x5.h5', kerasFiles['mnist-5x5.h5']));
      await says(page, 'network-says', /mnist-5x5\.h5 is open\./);
      expect(await page.locator('#network option:checked').textContent()).toBe('mnist-5x5.h5');
      await redraws(page, () => chooseNetwork(page, 'shapes-3conv'));
      await says(page, 'score', /of 30 right$/);
      expect(await layers()).toEqual(own);
      expect(await page.locator('#network option').count()).toBe(1 + Object.keys(PRETRAINED).length);
      expect(errors).toEqual([]);
    }));

  it('opens the last of several files that are dropped at once, and networks without convolutions', () =>
    withPage(url, async (page, { errors }) => {
      await isReady(page);
      const last = 'mnist-small.h5';
      for (const name of ['cifar10-bn-6conv.keras', 'mnist-5x5.h5', last])
        await dropFile(page, 'main', { name, bytes: kerasFiles[name] });
      await says(page, 'network-says', /^mnist-small\.h5 is open\./);
      // What was wrong with one of those that are picked together is not lost when another one is open.
      const picked = {
        'cut.h5': kerasFiles[last].subarray(0, 3000),
        'mnist-5x5.h5': kerasFiles['mnist-5x5.h5'],
      };
      await page.setInputFiles(
        '#file',
        Object.entries(picked).map(([name, bytes]) => ({
          name,
          mimeType: 'application/octet-stream',
          buffer: Buffer.from(bytes),
        })),
      );
      await says(page, 'network-says', /^mnist-5x5\.h5 is open\./);
      await says(page, 'file-says', /^Expected cut\.h5 to be a whole HDF5 file/);
      await redraws(page, () =>
        dropFile(page, 'main', { name: 'dense.keras', bytes: unusualFiles['dense.keras'] }),
      );
      await says(page, 'network-says', /dense\.keras is open\./);
      expect(await textOf(page, '#cam title')).toMatch(/\(Saliency\)$/);
      await dropFile(page, 'main', { name: 'multi-input.h5', bytes: kerasFiles['multi-input.h5'] });
      await says(page, 'file-says', /a network that reads one image/);
      expect(await page.locator('body.failed').count()).toBe(0);
      expect(errors).toEqual([]);
    }));

  it('looks into a pretrained network, which is loaded when it is chosen, and says what its card says', () =>
    withPage(`${url}?epochs=1&images=300`, async (page, { errors, strangers }) => {
      const requested: string[] = [];
      page.context().on('request', (request) => requested.push(request.url()));
      const weightsOf = (name: string) => requested.filter((address) => address.includes(`${name}-`));
      await isReady(page);
      const card = PRETRAINED['cifar10-bn-6conv'];
      await redraws(page, () => chooseNetwork(page, card.name));
      await isOpen(page, card.name);
      const said = await textOf(page, '#network-says');
      expect(said).toContain(
        'trained on 45,000 images of CIFAR-10 and names 86.72% of 10,000 test images right',
      );
      for (const name of card.classNames) expect(said).toContain(name);
      expect(await page.$$eval('#limits li', (all) => all.map((one) => one.textContent))).toEqual(
        card.limits,
      );
      expect(await layersOf(page)).toEqual(expect.arrayContaining(['conv1_1', 'bn1_1', 'relu3_2', 'fc2']));
      const named = await page.$$eval('#images b', (all) => all.map((one) => one.textContent));
      expect(named).toHaveLength(30);
      expect(card.classNames).toEqual(expect.arrayContaining([...new Set(named)]));
      expect(await textOf(page, '#score')).toBe('');
      expect(await page.locator('.right, .wrong').count()).toBe(0);
      expect(weightsOf(card.name)).toHaveLength(1);
      expect(weightsOf('cifar10-fast')).toEqual([]);
      expect(errors).toEqual([]);
      expect(strangers).toEqual([]);
    }));

  it('ends at the network that was chosen last, while another one is trained and begun again', () =>
    withPage(`${url}?epochs=1&images=300&network=cifar10-bn-6conv`, async (page, { errors }) => {
      await isReady(page);
      await isOpen(page, 'cifar10-bn-6conv');
      await page.getByRole('button', { name: 'Start training' }).click();
      await chooseNetwork(page, 'shapes-3conv');
      await chooseNetwork(page, 'cifar10-bn-6conv');
      await chooseNetwork(page, 'mnist-5x5');
      await isOpen(page, 'mnist-5x5');
      await says(page, 'status', /^1 epoch done\.$/);
      await page.getByRole('button', { name: 'Start over' }).click();
      await says(page, 'status', /^1 epoch done\.$/);
      expect(await layersOf(page)).toEqual(['conv1', 'relu1', 'pool1', 'conv2', 'relu2', 'pool2', 'fc1']);
      expect(await chosenNetwork(page)).toBe('mnist-5x5');

      await chooseNetwork(page, 'cifar10-bn-6conv');
      await chooseNetwork(page, 'shapes-3conv');
      await says(page, 'score', /of 30 right$/);
      expect(await textOf(page, '#network-says')).toBe('');
      expect(await chosenNetwork(page)).toBe('shapes-3conv');
      expect(await layersOf(page)).toContain('conv3');
      expect(errors).toEqual([]);
    }));

  it('loads the network that the arrow keys end at, not those that they pass, and files in their turn', () =>
    withPage(url, async (page, { errors }) => {
      const names = Object.keys(PRETRAINED);
      const loaded = new Set<string>();
      page.context().on('request', (request) => {
        const name = names.find((one) => request.url().includes(`/${one}-`));
        if (name) loaded.add(name);
      });
      await isReady(page);
      let release = () => {};
      const released = new Promise<void>((resolve) => (release = resolve));
      await page.context().route(new RegExp(`/${names[0]}-`), async (route) => {
        await released;
        await route.continue();
      });
      const folder = await mkdtemp(join(tmpdir(), 'convlens-demo-files-'));
      try {
        const select = page.getByRole('combobox', { name: 'Network', exact: true });
        for (let i = 0; i < 3; i++) await select.press('ArrowDown');
        expect(await chosenNetwork(page)).toBe(names[2]);
        const lost = join(folder, 'lost.png');
        await writeFile(lost, pngOf(drawPicture()));
        await page.setInputFiles('#file', lost);
        await rm(lost);
        await dropFile(page, 'main', { name: 'mnist-5x5.h5', bytes: kerasFiles['mnist-5x5.h5'] });
        await select.press('ArrowDown');
        release();
        await isOpen(page, names[3]);
        await says(page, 'file-says', /^lost\.png cannot be read: /);
        expect(await chosenNetwork(page)).toBe(names[3]);
        expect([...loaded]).toEqual([names[0], names[3]]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
      expect(errors).toEqual([]);
    }));

  it('gives every network the picture that is dropped, as Node does, and says of it what Node says', () =>
    withPage(url, async (page, { errors, strangers }) => {
      await isReady(page);
      const picture = drawPicture();
      await redraws(page, () => dropFile(page, 'main', { name: 'mine.png', bytes: pngOf(picture) }));
      await says(page, 'file-says', /^mine\.png stands first among the test images\.$/);
      const first = page.locator('#images label').first();
      expect(await first.locator('input').isChecked()).toBe(true);
      expect(await first.locator('small').textContent()).toBe('your picture');
      expect(await first.getAttribute('class')).toBe('choice');
      expect(await textOf(page, '#maps title')).toBe('What relu1 makes of your picture');
      expect(await textOf(page, '#score')).toMatch(/of 30 right$/);
      const { pixels } = resizeImage(picture, { height: 32, width: 32, fit: 'crop' });
      expect(await shownPixels(page, 0)).toEqual([...pixels]);

      for (const name of ['mnist-5x5', 'cifar10-fast'] as const) {
        const expected = await readInNode(name, picture);
        await redraws(page, () => chooseNetwork(page, name));
        await isOpen(page, name);
        await page.locator('#images b', { hasText: /./ }).first().waitFor();
        expect(await shownPixels(page, 0)).toEqual(expected.pixels);
        const found = await shownProbabilities(page);
        const worst = Math.max(...found.map((value, i) => Math.abs(value - expected.probabilities[i])));
        expect(found).toHaveLength(10);
        expect([name, worst < 1e-3]).toEqual([name, true]);
      }
      expect(errors).toEqual([]);
      expect(strangers).toEqual([]);
    }));

  it('adds each of several pictures that are picked, also to a network in training, and says which cannot be read', () =>
    withPage(`${url}?epochs=2&images=300`, async (page, { errors }) => {
      await isReady(page);
      const webp = await page.evaluate(async () => {
        const canvas = new OffscreenCanvas(90, 60);
        canvas.getContext('2d')!.fillRect(0, 0, 90, 60);
        const file = await canvas.convertToBlob({ type: 'image/webp' });
        return [...new Uint8Array(await file.arrayBuffer())];
      });
      const png = pngOf(drawPicture({ height: 40, width: 40 }));
      const files = { 'a.png': png, 'cut.png': png.subarray(0, 60), 'b.webp': Uint8Array.from(webp) };
      await page.getByRole('button', { name: 'Start training' }).click();
      await page.locator('#file').setInputFiles(
        Object.entries(files).map(([name, bytes]) => ({
          name,
          mimeType: 'application/octet-stream',
          buffer: Buffer.from(bytes),
        })),
      );
      await says(page, 'file-says', /^a\.png, b\.webp stand first.* Expected cut\.png to be a picture/);
      await says(page, 'status', /^2 epochs done\.$/);
      await says(page, 'score', /of 30 right$/);
      const names = await page.$$eval('#images input', (all) => all.map((one) => one.ariaLabel));
      expect(names).toHaveLength(32);
      expect(names.slice(0, 3)).toEqual([
        expect.stringMatching(/^Your picture, b\.webp: predicted \w+, \d+%$/),
        expect.stringMatching(/^Your picture, a\.png: predicted \w+, \d+%$/),
        expect.stringMatching(/^Image \d+, disc: predicted \w+, \d+%, (right|wrong)$/),
      ]);
      expect(await shownPixels(page, 0)).toEqual(Array(32 * 32 * 3).fill(0));
      expect(errors).toEqual([]);
    }));

  it('stays at the network that is open where another cannot be loaded, and loads it when it can', () =>
    withPage(url, async (page) => {
      await isReady(page);
      await page.context().route(/mnist-5x5/, (route) => route.abort());
      await chooseNetwork(page, 'mnist-5x5');
      await says(page, 'file-says', /^mnist-5x5 cannot be opened: Failed to fetch/);
      expect(await chosenNetwork(page)).toBe('shapes-3conv');
      await page.context().unroute(/mnist-5x5/);
      await chooseNetwork(page, 'mnist-5x5');
      await isOpen(page, 'mnist-5x5');
      expect(await textOf(page, '#file-says')).toBe('');
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
      await dropFile(page, 'main', { name: 'mine.png', bytes: pngOf(drawPicture()) });
      await redraws(page, () => chooseNetwork(page, 'cifar10-bn-6conv'));
      await isOpen(page, 'cifar10-bn-6conv');
      await redraws(page, () => page.setViewportSize({ width: 390, height: 844 }));
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }));

  it('says what is wrong with a setting in its address, and what could not be loaded', async () => {
    await withPage(`${url}?images=17`, async (page) => {
      expect(await page.getByRole('alert').textContent()).toBe(
        'Expected images to be one of 300, 1000, 2000, 3000, 5000, 10000, got "17"',
      );
    });
    await withPage(`${url}?network=vgg16`, async (page) => {
      expect(await page.getByRole('alert').textContent()).toBe(
        `Expected network to be one of shapes-3conv, ${Object.keys(PRETRAINED).join(', ')}, got "vgg16"`,
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
