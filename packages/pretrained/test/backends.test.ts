import { predictions } from '@convlens/activations';
import type { ImageSet, Prediction } from '@convlens/core';
import { take } from '@convlens/image-set';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { describe, expect, it } from 'vitest';
import { loadPretrained, PRETRAINED } from '../src/index.js';
import { drawnImages } from './drawn-images.js';
import { loadRealImages, realImages } from './real-images.js';

async function said(name: string, backend: string, images: ImageSet): Promise<Prediction[]> {
  expect(await tf.setBackend(backend)).toBe(true);
  const { model, preprocessing } = await loadPretrained(name);
  try {
    return await predictions(model, images, { preprocessing });
  } finally {
    model.dispose();
  }
}

/** Whether the two highest probabilities lie so near each other that another order of adding may swap them. */
const isUndecided = ({ probabilities }: Prediction) => {
  const [first, second] = [...probabilities].sort((a, b) => b - a);
  return first - second <= 1e-3;
};

describe.each(Object.entries(PRETRAINED))('%s', (name, card) => {
  const real = realImages(card).isPresent;
  // TensorFlow.js's own backend without WebAssembly needs a second for an image of a large network.
  const few = card.parameters < 200_000 ? 20 : 4;

  it(`names the same classes of ${real ? 'real' : 'drawn'} images on every backend`, async () => {
    const images = real ? take(await loadRealImages(card), 300) : drawnImages(card, 300);
    const reference = await said(name, 'simd', images);
    expect(reference.filter(isUndecided).length).toBeLessThan(15);
    for (const [backend, count] of [
      ['wasm', 300],
      ['cpu', few],
    ] as const) {
      const found = await said(name, backend, take(images, count));
      expect(found).toHaveLength(count);
      for (const [i, prediction] of found.entries())
        if (!isUndecided(reference[i]))
          expect([backend, i, prediction.predicted]).toEqual([backend, i, reference[i].predicted]);
    }
  }, 180_000);
});
