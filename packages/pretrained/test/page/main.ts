import { preprocess } from '@convlens/core';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { loadPretrained, MODEL_CARDS, type PretrainedName } from '../../src/index.js';
import { generatedImages } from '../generated-images.js';

/** The probabilities of a model for generated images: one row per image. */
async function probabilitiesOf(id: PretrainedName, { backend, count }: { backend: string; count: number }) {
  await tf.setBackend(backend);
  const { model, card, preprocessing } = await loadPretrained(id);
  const inputs = preprocess(generatedImages(card, count), preprocessing);
  const probabilities = model.predict(tf.tensor(inputs, [count, ...card.inputShape])) as tf.Tensor2D;
  return probabilities.array();
}

Object.assign(globalThis, { probabilitiesOf });
document.title = MODEL_CARDS.map(({ id }) => id).join(' ');
