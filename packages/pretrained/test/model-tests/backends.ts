import { predictions } from '@convlens/activations';
import type { ImageSet, Prediction } from '@convlens/core';
import { take } from '@convlens/image-set';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, it } from 'vitest';
import { loadPretrained, type ModelCard } from '../../src/index.js';
import { generatedImages } from '../generated-images.js';
import { isUndecided } from '../is-undecided.js';
import { loadRealImages, realImages } from '../real-images.js';

async function predictOn(id: string, backend: string, images: ImageSet): Promise<Prediction[]> {
  expect(await tf.setBackend(backend)).toBe(true);
  const { model, preprocessing } = await loadPretrained(id);
  try {
    return await predictions(model, images, { preprocessing });
  } finally {
    model.dispose();
  }
}

/** Tests that a model predicts the same on the backends simd, wasm and cpu. */
export function testBackends(card: ModelCard): void {
  const isReal = realImages(card).isPresent;
  // The backend cpu needs a second per image for a large model.
  const cpuCount = card.parameters < 200_000 ? 20 : 4;

  it(`${card.id} predicts the same classes for ${isReal ? 'real' : 'generated'} images on every backend`, async () => {
    const images = isReal ? take(await loadRealImages(card), 300) : generatedImages(card, 300);
    const expected = await predictOn(card.id, 'simd', images);
    expect(expected.filter(isUndecided).length).toBeLessThan(15);
    for (const [backend, count] of [
      ['wasm', 300],
      ['cpu', cpuCount],
    ] as const) {
      const actual = await predictOn(card.id, backend, take(images, count));
      expect(actual).toHaveLength(count);
      for (const [i, { predicted }] of actual.entries())
        if (!isUndecided(expected[i]))
          expect([backend, i, predicted]).toEqual([backend, i, expected[i].predicted]);
    }
  }, 180_000);
}
