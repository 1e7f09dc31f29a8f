import { fileURLToPath } from 'node:url';
import { preprocess } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveBuiltPage, type BuiltPage } from '../../../../test/support/built-page.js';
import { describeInChromium, withPage } from '../../../../test/support/chromium.js';
import { loadPretrained, MODEL_CARDS, type ModelCard } from '../../src/index.js';
import { generatedImages } from '../generated-images.js';

const root = fileURLToPath(new URL('../page', import.meta.url));

/** What page/main.ts adds to the global object. */
interface PageGlobals {
  probabilitiesOf(id: string, options: { backend: string; count: number }): Promise<number[][]>;
}

async function probabilitiesInNode(card: ModelCard, count: number): Promise<ArrayLike<number>> {
  await tf.setBackend('cpu');
  const { model, preprocessing } = await loadPretrained(card.id);
  const inputs = preprocess(generatedImages(card, count), preprocessing);
  const probabilities = tf.tidy(() =>
    (model.predict(tf.tensor(inputs, [count, ...card.inputShape])) as tf.Tensor).dataSync(),
  );
  model.dispose();
  return probabilities;
}

/** Tests the predictions of models in a page that is bundled with all models. */
export function testInChromium(cards: readonly ModelCard[]): void {
  describeInChromium('a bundled page in Chromium', () => {
    let served: BuiltPage;
    beforeAll(async () => void (served = await serveBuiltPage(root)), 60_000);
    afterAll(() => served?.close());

    it.each(cards)(
      'computes the probabilities of $id as Node does, and loads its weights from the bundle on demand',
      async (card) => {
        const isSmall = card.parameters < 200_000;
        const count = isSmall ? 20 : 2;
        // A large model is slow on the backend cpu, and simd runs the same code in a browser as in Node.
        const backends = isSmall ? ['cpu', 'simd'] : ['simd'];
        const expected = await probabilitiesInNode(card, count);
        await withPage(served.url, async (page, { errors, strangers }) => {
          await page.waitForFunction(() => document.title !== 'loading');
          expect(await page.title()).toBe(MODEL_CARDS.map(({ id }) => id).join(' '));
          const scripts: string[] = [];
          page.on('request', (request) => scripts.push(request.url()));
          const loaded = await page.evaluate(() =>
            performance.getEntriesByType('resource').map((entry) => entry.name),
          );
          expect(loaded.filter((url) => url.includes(card.id))).toEqual([]);
          for (const backend of backends) {
            const actual = await page.evaluate(
              ([id, options]) => (globalThis as unknown as PageGlobals).probabilitiesOf(id, options),
              [card.id, { backend, count }] as const,
            );
            const worst = Math.max(...actual.flat().map((value, i) => Math.abs(value - expected[i])));
            expect([backend, worst < 1e-4]).toEqual([backend, true]);
          }
          expect(scripts.filter((url) => url.includes(card.id))).toHaveLength(1);
          expect(errors).toEqual([]);
          expect(strangers).toEqual([]);
        });
      },
      60_000,
    );
  });
}
