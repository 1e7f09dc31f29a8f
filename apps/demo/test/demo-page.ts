import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';

const readFixtures = (name: string) =>
  unzipSync(readFileSync(new URL(`../../../packages/model-import/test/fixtures/${name}`, import.meta.url)));

/** Files of the tests of model-import, by name. */
export const kerasFiles = readFixtures('models.zip');
export const unusualFiles = readFixtures('unusual.zip');

export const readText = (page: Page, selector: string) =>
  page.$eval(selector, (element) => element.textContent as string);

/** Waits until the text of an element matches. */
export const waitForText = (page: Page, id: string, pattern: RegExp) =>
  page.locator(`#${id}`, { hasText: pattern }).waitFor({ timeout: 40_000 });

/** Waits for the first inspection. */
export const waitUntilReady = (page: Page) => page.locator('#maps svg').waitFor();

/** Does something and waits until the figure of the feature maps is another one. */
export async function waitForNewMaps(page: Page, act: () => Promise<void>): Promise<void> {
  const before = await page.$('#maps svg');
  await act();
  await page.waitForFunction((figure) => !figure?.isConnected, before);
}

export const chooseLayer = (page: Page, layer: string) =>
  page.locator(`#layers b:text-is("${layer}")`).click();

/** Chooses the image at a position of the grid. */
export const chooseImage = (page: Page, position: number) =>
  page.locator('#images label').nth(position).click();

export const modelSelect = (page: Page) => page.getByRole('combobox', { name: 'Model', exact: true });
export const chooseModel = async (page: Page, name: string) =>
  void (await modelSelect(page).selectOption(name));
export const selectedModel = (page: Page) => page.locator('#model').inputValue();
export const waitUntilOpen = (page: Page, name: string) =>
  waitForText(page, 'model-status', new RegExp(`^${name} is open\\.`));

/** Chooses several files at once with the file input. */
export const chooseFiles = (page: Page, files: Readonly<Record<string, Uint8Array>>) =>
  page.setInputFiles(
    '#file',
    Object.entries(files).map(([name, bytes]) => ({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(bytes),
    })),
  );

/** The feature maps, as data URLs. */
export const readMaps = (page: Page) =>
  page.$$eval('#maps svg image', (images) => images.map((image) => image.getAttribute('href')));

export const readLayerNames = (page: Page) =>
  page.$$eval('#layers b', (elements) => elements.map((element) => element.textContent as string));

/** The displayed pixels of the image at a position of the grid, height x width x 3. */
export const readPixels = (page: Page, position: number) =>
  page.$$eval(
    '#images canvas',
    (canvases, position) => {
      const canvas = canvases[position] as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return [...data].filter((_, i) => i % 4 < 3);
    },
    position,
  );

/** The probabilities of all classes, displayed to a tenth of a percent. */
export const readProbabilities = (page: Page) =>
  page.$$eval('#probabilities svg text', (texts) =>
    texts
      .map((text) => /^([\d.]+\.\d)%/.exec(text.textContent!)?.[1])
      .filter((percent) => percent !== undefined)
      .map((percent) => Number(percent) / 100),
  );

/** The number of epochs in the training curves, by their points, and their description. */
export const readCurves = (page: Page) =>
  page.$eval('#curves svg', (svg) => ({
    points: svg.querySelectorAll('circle[r="3"]').length / 4,
    description: svg.querySelector('desc')!.textContent,
  }));
