import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { bundle } from '../support/bundle.js';
import { describeInChromium, withPage } from '../support/chromium.js';

interface Example {
  showEpochs(epochs: number): void;
  stop(): void;
}
declare global {
  var example: { start(page: Element): Example };
  var running: Example;
  var kept: Element[];
}

const FIGURE = '#root svg';
const titles = (page: Page) => page.locator(`${FIGURE} > title`).allTextContents();
const tooltip = (page: Page) => page.locator('[role=status]:not([hidden])').allTextContents();
const box = async (page: Page, selector: string) => (await page.locator(selector).boundingBox())!;

describeInChromium('mounted figures', () => {
  const open = (file: string, use: (page: Page) => Promise<void>, context = {}) =>
    withPage(async (page) => {
      const errors: string[] = [];
      page.on('pageerror', ({ message }) => errors.push(message));
      await page.setContent('<!doctype html><div id="root" style="width:700px"></div>');
      await page.addScriptTag({ content: await bundle(`../examples/${file}`, 'example') });
      await page.evaluate(() => {
        globalThis.running = globalThis.example.start(document.querySelector('#root')!);
      });
      await page.waitForFunction(() => document.querySelectorAll('#root svg').length === 3);
      await use(page);
      expect(errors).toEqual([]);
    }, context);

  const maps = `${FIGURE} >> nth=2 >> image`;

  it('have a tooltip below a finger until it scrolls or touches something else, and select by a tap', () =>
    open(
      'plain.js',
      async (page) => {
        const { x, y, width } = await box(page, `${maps} >> nth=0`);
        await page.touchscreen.tap(x + (5.5 / 8) * width, y + (3.5 / 8) * width);
        expect(await tooltip(page)).toEqual(['filter 0, largest value 0.630\nrow 3, column 5: 0.290']);
        await page.touchscreen.tap(690, 5);
        expect(await tooltip(page)).toEqual([]);

        const third = await box(page, `${FIGURE} >> nth=1 >> image >> nth=2`);
        await page.touchscreen.tap(third.x + 5, third.y + 5);
        await page.waitForFunction(() =>
          document.querySelectorAll('#root svg > title')[2].textContent!.includes('#2'),
        );
        expect(await tooltip(page)).toEqual(['#2 ship']);

        // The browser takes the pointer away when a finger scrolls.
        await page.evaluate(() => {
          const mark = document.querySelectorAll('#root svg')[1].querySelector('image')!;
          const event = { bubbles: true, pointerType: 'touch', clientX: 20, clientY: 20 };
          mark.dispatchEvent(new PointerEvent('pointerdown', event));
        });
        expect(await tooltip(page)).toEqual(['#0 cat']);
        await page.evaluate(() => {
          const mark = document.querySelectorAll('#root svg')[1].querySelector('image')!;
          mark.dispatchEvent(new PointerEvent('pointercancel', { bubbles: true, pointerType: 'touch' }));
        });
        expect(await tooltip(page)).toEqual([]);
      },
      { hasTouch: true },
    ));

  it('update the tooltip when the figure changes below the pointer', () =>
    open('plain.js', async (page) => {
      const { x, y, width } = await box(page, `${maps} >> nth=0`);
      await page.mouse.move(x + (5.5 / 8) * width, y + (3.5 / 8) * width);
      expect(await tooltip(page)).toEqual(['filter 0, largest value 0.630\nrow 3, column 5: 0.290']);
      await page.evaluate(() =>
        document
          .querySelectorAll('#root svg')[1]
          .querySelectorAll('image')[1]!
          .dispatchEvent(new MouseEvent('click', { bubbles: true })),
      );
      expect(await tooltip(page)).toEqual(['filter 0, largest value 1.63\nrow 3, column 5: 1.29']);
    }));

  it('ignore keys with Control, Alt or Command, and fit inside the padding of their element', () =>
    open('plain.js', async (page) => {
      await page.locator(FIGURE).nth(1).focus();
      await page.keyboard.press('Alt+ArrowRight');
      await page.keyboard.press('Control+End');
      expect(await tooltip(page)).toEqual([]);
      await page.addStyleTag({
        content: '#root > div { padding: 0 40px; width: 400px; box-sizing: border-box }',
      });
      await page.waitForFunction(() =>
        [...document.querySelectorAll('#root svg')].every((svg) => Number(svg.getAttribute('width')) <= 320),
      );
    }));

  it.each(['plain.js', 'react.jsx', 'vue.js'])(
    'update, select, show values, respond to keys, fit, and leave nothing behind (examples/%s)',
    (file) =>
      open(file, async (page) => {
        await page.evaluate(() => {
          globalThis.kept = [...document.querySelectorAll('#root svg, #root svg image')];
          globalThis.running.showEpochs(5);
        });
        await page.waitForFunction(() =>
          document.querySelector('#root svg desc')!.textContent!.includes('5 epochs'),
        );

        // A click selects the third image, and the feature maps follow.
        await page.locator('svg image').nth(2).click();
        await page.waitForFunction(() =>
          document.querySelectorAll('#root svg > title')[2].textContent!.includes('#2'),
        );
        expect((await titles(page))[2]).toBe('Feature maps of conv1: ship #2');
        expect(await page.evaluate(() => globalThis.kept.every((element) => element.isConnected))).toBe(true);

        // The first map of that image holds 2 + position / 100; this is row 3, column 5 of 8.
        const map = `${FIGURE} >> nth=2 >> image >> nth=0`;
        const { x, y, width } = await box(page, map);
        await page.mouse.move(x + (5.5 / 8) * width, y + (3.5 / 8) * width);
        expect(await tooltip(page)).toEqual(['filter 0, largest value 2.63\nrow 3, column 5: 2.29']);

        await page.mouse.move(0, 0);
        await page.locator(FIGURE).nth(1).focus();
        await page.keyboard.press('ArrowRight');
        await page.keyboard.press('ArrowRight');
        expect(await tooltip(page)).toEqual(['#1 dog']);
        await page.keyboard.press('End');
        const last = await tooltip(page);
        await page.keyboard.press('ArrowRight');
        expect(await tooltip(page)).not.toEqual(last);
        await page.keyboard.press('Home');
        expect(await tooltip(page)).toEqual(['#0 cat']);
        await page.keyboard.press('ArrowRight');
        expect(await tooltip(page)).toEqual(['#1 dog']);
        await page.keyboard.press('Enter');
        await page.waitForFunction(() =>
          document.querySelectorAll('#root svg > title')[2].textContent!.includes('#1'),
        );
        await page.keyboard.press('Escape');
        expect(await tooltip(page)).toEqual([]);

        await page.evaluate(() => {
          document.querySelector<HTMLElement>('#root')!.style.width = '340px';
        });
        await page.waitForFunction(() =>
          [...document.querySelectorAll('#root svg')].every(
            (svg) => Number(svg.getAttribute('width')) <= 340,
          ),
        );

        await page.evaluate(() => globalThis.running.stop());
        await page.waitForFunction(() => !document.querySelector('#root svg, #root [role=status]'));
      }),
  );
});
