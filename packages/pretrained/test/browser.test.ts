import { fileURLToPath } from 'node:url';
import { preprocess } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveBuiltPage, type BuiltPage } from '../../../test/support/built-page.js';
import { describeInChromium, withPage } from '../../../test/support/chromium.js';
import { loadPretrained, PRETRAINED } from '../src/index.js';
import { drawnImages } from './drawn-images.js';

const root = fileURLToPath(new URL('page', import.meta.url));

describeInChromium('a page in Chromium, bundled', () => {
  let served: BuiltPage;
  beforeAll(async () => void (served = await serveBuiltPage(root)), 60_000);
  afterAll(() => served?.close());

  it.each(Object.entries(PRETRAINED))(
    'says of images what Node says by %s, and gets the weights from its own bundle when they are asked for',
    async (name, card) => {
      const isSmall = card.parameters < 200_000;
      const count = isSmall ? 20 : 2;
      // A large network takes its time without WebAssembly, and what computes there is what computes in Node.
      const backends = isSmall ? ['cpu', 'simd'] : ['simd'];
      await tf.setBackend('cpu');
      const { model, preprocessing } = await loadPretrained(name);
      const inputs = preprocess(drawnImages(card, count), preprocessing);
      const expected = tf.tidy(() =>
        (model.predict(tf.tensor(inputs, [count, ...card.inputShape])) as tf.Tensor).dataSync(),
      );
      model.dispose();
      await withPage(served.url, async (page, { errors, strangers }) => {
        await page.waitForFunction(() => document.title !== 'loading');
        expect(await page.title()).toBe(Object.keys(PRETRAINED).join(' '));
        const scripts: string[] = [];
        page.on('request', (request) => scripts.push(request.url()));
        const loaded = await page.evaluate(() =>
          performance.getEntriesByType('resource').map((entry) => entry.name),
        );
        expect(loaded.filter((url) => url.includes(name))).toEqual([]);
        for (const backend of backends) {
          const found: number[][] = await page.evaluate(
            ([name, backend, count]) =>
              (globalThis as unknown as { said: (...args: unknown[]) => Promise<number[][]> }).said(name, {
                backend,
                count,
              }),
            [name, backend, count] as const,
          );
          const worst = Math.max(...found.flat().map((value, i) => Math.abs(value - expected[i])));
          expect([backend, worst < 1e-4]).toEqual([backend, true]);
        }
        expect(scripts.filter((url) => url.includes(name))).toHaveLength(1);
        expect(errors).toEqual([]);
        expect(strangers).toEqual([]);
      });
    },
    60_000,
  );
});
