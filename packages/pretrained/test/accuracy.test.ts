import { evaluateModel } from '@convlens/activations';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../../scripts/requirements.js';
import { loadPretrained, PRETRAINED, type ModelCard } from '../src/index.js';
import { loadRealImages, realImages } from './real-images.js';

beforeAll(() => tf.setBackend('simd'));

for (const [name, card] of Object.entries<ModelCard>(PRETRAINED))
  describeWith(realImages(card))(`${name} on all real test images`, () => {
    it('is as accurate as its card says, within 0.1 points of what it was before its weights were rounded', async () => {
      const images = await loadRealImages(card);
      const { model, preprocessing } = await loadPretrained(name);
      const { accuracy, loss } = await evaluateModel(model, images, { preprocessing });
      const { float32, binary16, count } = card.evaluation;
      expect(images.count).toBe(count);
      expect(Math.abs(accuracy - float32.accuracy)).toBeLessThanOrEqual(0.001);
      // Another processor adds in another order: an image or two may change sides.
      expect(Math.abs(accuracy - binary16.accuracy)).toBeLessThanOrEqual(2 / count);
      expect(loss).toBeCloseTo(binary16.loss, 4);
      model.dispose();
    }, 120_000);
  });
