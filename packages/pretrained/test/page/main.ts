import { preprocess } from '@convlens/core';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { loadPretrained, PRETRAINED, type PretrainedName } from '../../src/index.js';
import { drawnImages } from '../drawn-images.js';

/** The probabilities that a network gives to drawn images, by its name and the backend. */
async function said(name: PretrainedName, { backend, count }: { backend: string; count: number }) {
  await tf.setBackend(backend);
  const { model, card, preprocessing } = await loadPretrained(name);
  const inputs = preprocess(drawnImages(card, count), preprocessing);
  const found = model.predict(tf.tensor(inputs, [count, ...card.inputShape])) as tf.Tensor2D;
  return found.array();
}

Object.assign(globalThis, { said });
document.title = Object.keys(PRETRAINED).join(' ');
