import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { serialize } from '../../src/index.js';
import { createDocument } from '../../src/node.js';
import { renderReport } from '../../src/report.js';
import { GALLERY } from '../gallery/gallery.js';
import type * as browserGallery from '../gallery/browser-gallery.js';
import { bundle } from '../support/bundle.js';
import { describeInChromium, withPage } from '../support/chromium.js';
import { HOSTILE, makeReport } from '../support/make-report.js';

declare global {
  var gallery: typeof browserGallery;
}

/** `adjust` makes letters wider, as in the fallback font of a browser without Inter. In percent. */
const fontFace = (weight: number, { name, adjust }: { name: string; adjust: number }) => {
  const path = new URL(`../../../svg-to-png/fonts/${name}`, import.meta.url);
  const data = readFileSync(path).toString('base64');
  const source = `url(data:font/ttf;base64,${data})`;
  return `@font-face{font-family:Inter;font-weight:${weight};size-adjust:${adjust}%;src:${source}}`;
};

/** The texts that leave their figure and the pairs of texts that overlap. */
const findCollisions = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('svg')].flatMap((svg) => {
      const frame = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll('text')].map((text) => ({
        text: text.textContent,
        isRotated: text.hasAttribute('transform'),
        box: text.getBoundingClientRect(),
      }));
      const outside = texts.filter(
        ({ box }) =>
          box.left < frame.left ||
          box.right > frame.right ||
          box.top < frame.top ||
          box.bottom > frame.bottom,
      );
      const level = texts.filter(({ isRotated }) => !isRotated);
      const pairs = level.flatMap((a, i) =>
        level
          .slice(i + 1)
          .filter((b) => {
            // Letters have about three fifths of the height of their line.
            const slack = 0.2 * Math.min(a.box.height, b.box.height);
            return (
              a.box.left < b.box.right &&
              b.box.left < a.box.right &&
              a.box.top + slack < b.box.bottom - slack &&
              b.box.top + slack < a.box.bottom - slack
            );
          })
          .map((b) => `${svg.dataset.name}: "${a.text}" and "${b.text}"`),
      );
      return [...outside.map(({ text }) => `${svg.dataset.name}: "${text}" leaves the figure`), ...pairs];
    }),
  );

describeInChromium('figures in Chromium', () => {
  let script: string;
  const inNode = GALLERY.map(({ name, render }): [string, string] => [
    name,
    serialize(render({ document: createDocument() })),
  ]);
  beforeAll(async () => {
    script = await bundle('gallery/browser-gallery.ts', 'gallery');
  });

  it('have the same bytes as in Node', async () => {
    const inBrowser = await withPage(async (page) => {
      await page.addScriptTag({ content: script });
      return page.evaluate(() => globalThis.gallery.renderTexts());
    });
    expect(inBrowser.length).toBeGreaterThan(20);
    expect(inBrowser.map(([name]) => name).sort()).toEqual(inNode.map(([name]) => name).sort());
    const texts = new Map(inNode);
    for (const [name, text] of inBrowser)
      expect(text === texts.get(name), `${name} differs between Chromium and Node`).toBe(true);
  });

  it.each([100, 108])(
    'have texts that neither overlap nor leave the figure, in Inter at %i percent',
    async (adjust) => {
      const style =
        fontFace(400, { name: 'Inter_400Regular.ttf', adjust }) +
        fontFace(600, { name: 'Inter_600SemiBold.ttf', adjust });
      const figures = inNode.map(([name, text]) => text.replace('<svg ', `<svg data-name="${name}" `));
      const collisions = await withPage(async (page) => {
        await page.setContent(`<style>${style} svg{display:block}</style>${figures.join('')}`);
        await page.evaluate(() => document.fonts.ready);
        return findCollisions(page);
      });
      expect(collisions).toEqual([]);
    },
  );
});

describeInChromium('the report in Chromium', () => {
  const open = async (
    use: (page: Page, observed: { requests: string[]; errors: string[] }) => Promise<void>,
  ) => {
    const folder = await mkdtemp(join(tmpdir(), 'convlens-report-'));
    const url = pathToFileURL(join(folder, 'report.html')).href;
    await writeFile(join(folder, 'report.html'), renderReport(makeReport()));
    try {
      await withPage(async (page) => {
        const requests: string[] = [];
        const errors: string[] = [];
        page.on('request', (request) => {
          if (!/^(data|blob):/.test(request.url()) && request.url() !== url) requests.push(request.url());
        });
        page.on('pageerror', (error) => errors.push(error.message));
        page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
        page.on('dialog', (dialog) => {
          errors.push(`dialog: ${dialog.message()}`);
          void dialog.dismiss();
        });
        await page.goto(url);
        await use(page, { requests, errors });
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  it('requests nothing and runs no script but its own', () =>
    open(async (page, { requests, errors }) => {
      await page.waitForSelector('button.theme');
      expect(requests).toEqual([]);
      expect(errors).toEqual([]);
      expect(await page.evaluate(() => document.querySelectorAll('script').length)).toBe(1);
    }));

  it('becomes dark with its figures, sorts a table and saves a figure as SVG and PNG', () =>
    open(async (page, { errors }) => {
      const background = () =>
        page.evaluate(() => getComputedStyle(document.querySelector('figure svg rect')!).fill);
      expect(await background()).toBe('rgb(255, 255, 255)');
      await page.click('button.theme');
      expect(await background()).toBe('rgb(18, 23, 30)');

      const firstCells = () => page.locator('tbody tr td:first-child').allTextContents();
      expect(await firstCells()).toEqual(['conv1', 'relu1', 'dense']);
      await page.click('thead th:nth-child(3) button');
      expect(await firstCells()).toEqual(['dense', 'conv1', 'relu1']);
      await page.click('thead th:nth-child(3) button');
      expect(await firstCells()).toEqual(['conv1', 'relu1', 'dense']);

      for (const kind of ['SVG', 'PNG']) {
        const download = page.waitForEvent('download');
        await page.locator('.save').first().getByText(kind).click();
        const file = await download;
        expect(file.suggestedFilename()).toBe(`training_curves.${kind.toLowerCase()}`);
        const bytes = readFileSync(await file.path());
        if (kind === 'PNG') expect([...bytes.subarray(1, 4)]).toEqual([80, 78, 71]);
        else expect(bytes.toString()).toMatch(/^<svg /);
      }
      expect(errors).toEqual([]);
    }));

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['dark', 390],
  ])('has no serious violation of axe, in the %s theme, %i pixels wide', (theme, width) =>
    open(async (page) => {
      await page.setViewportSize({ width, height: 800 });
      if (theme === 'dark') await page.click('button.theme');
      await page.evaluate(
        readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
      );
      const messages = await page.evaluate(async () => {
        const { violations } = await (
          globalThis as unknown as {
            axe: {
              run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
            };
          }
        ).axe.run();
        return violations.map(({ id, impact, nodes }) => `${impact}: ${id}: ${nodes[0].html.slice(0, 200)}`);
      });
      expect(messages.filter((message) => /^(serious|critical)/.test(message))).toEqual([]);
    }),
  );

  it('selects a figure by image and layer, and shows all figures on paper and on demand', () =>
    open(async (page, { errors }) => {
      const visibleFacets = () =>
        page
          .locator('figure[data-facets]:visible')
          .evaluateAll((figures) => figures.map((figure) => JSON.parse(figure.dataset.facets!)));
      expect(await visibleFacets()).toEqual([{ image: 'cat', layer: 'relu1' }]);
      await page.getByRole('combobox', { name: 'layer' }).selectOption('relu2');
      expect(await visibleFacets()).toEqual([{ image: 'cat', layer: 'relu2' }]);
      await page.getByRole('combobox', { name: 'image' }).selectOption(HOSTILE);
      expect(await visibleFacets()).toEqual([{ image: HOSTILE, layer: 'relu2' }]);
      await page.getByText('Show all').click();
      expect(await visibleFacets()).toHaveLength(4);
      await page.getByRole('combobox', { name: 'layer' }).selectOption('relu1');
      await page.emulateMedia({ media: 'print' });
      expect(await visibleFacets()).toHaveLength(4);
      expect(errors).toEqual([]);
    }));

  it('enlarges a figure or one of its maps, and closes it by Escape', () =>
    open(async (page, { errors }) => {
      const widthOf = (selector: string) =>
        page
          .locator(selector)
          .first()
          .evaluate((element) => element.getBoundingClientRect().width);
      const map = 'figure[data-facets]:visible image';
      const before = await widthOf(map);
      await page.locator(map).first().click();
      expect(await widthOf('dialog image')).toBeGreaterThan(4 * before);
      await page.keyboard.press('Escape');
      expect(await page.locator('dialog[open]').count()).toBe(0);
      await page.getByRole('button', { name: 'Zoom' }).first().click();
      expect(await page.locator('dialog title').first().textContent()).toBe('Training curves');
      expect(errors).toEqual([]);
    }));

  it('fits a phone, where wide figures scroll in a frame', () =>
    open(async (page) => {
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      // Letters of 11 pixels stay at least 7 pixels high: a wide figure scrolls instead of shrinking further.
      const scales = await page
        .locator('figure svg:visible')
        .evaluateAll((all) =>
          all.map((svg) => svg.getBoundingClientRect().width / Number(svg.getAttribute('width'))),
        );
      expect(Math.min(...scales)).toBeGreaterThan(7 / 11);
    }));
});
