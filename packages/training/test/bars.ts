import { randomAt, type BatchSource, type ImageBatch } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { compileClassifier } from '../src/index.js';

export const SIZE = 6;
export const CLASSES = ['left', 'right', 'none'];

/** Batches of images with a bright bar on the left, on the right, or none; a function of the epoch. */
export const bars =
  (batches: number, count = 8, seed = 0): BatchSource =>
  (epoch) =>
    Array.from({ length: batches }, (_, step): ImageBatch => {
      const random = randomAt(seed, 'bars', epoch, step);
      const labels = Int32Array.from({ length: count }, () => Math.floor(random() * 3));
      const pixels = new Float32Array(count * SIZE * SIZE).map((_, i) => {
        const [label, column] = [labels[Math.floor(i / SIZE ** 2)], i % SIZE];
        return 60 * random() + (label === 0 && column < 2 ? 150 : 0) + (label === 1 && column > 3 ? 150 : 0);
      });
      const shape = { count, height: SIZE, width: SIZE, channels: 1, classNames: CLASSES };
      const position = { epoch, step, steps: batches, indices: Uint32Array.from(labels.keys()) };
      return { kind: 'image-batch', name: 'bars', pixels, labels, ...shape, ...position };
    });

/**
 * A classifier with a convolution, batch norm and a dropout whose mask depends on the step: each of them
 * would differ after an inexact resume.
 */
export function classifier({ optimizer = 'adam' as const, seed = 1 } = {}) {
  const dropout = tf.layers.dropout({ rate: 0.5, name: 'drop' });
  const position = { key: '' };
  Object.assign(dropout, {
    call(inputs: tf.Tensor[], { training = false } = {}) {
      const random = randomAt(seed, 'mask', position.key);
      const mask = () =>
        tf.tensor(
          Float32Array.from({ length: inputs[0].size }, () => (random() < 0.5 ? 0 : 2)),
          inputs[0].shape,
        );
      return training ? tf.tidy(() => tf.mul(inputs[0], mask())) : inputs[0];
    },
    setStep: (epoch: number, step: number) => (position.key = `${epoch}/${step}`),
  });
  const initializer = (layer: number) => ({
    kernelInitializer: tf.initializers.glorotUniform({ seed: seed * 10 + layer }),
  });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [SIZE, SIZE, 1], filters: 4, kernelSize: 3, ...initializer(1) }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.flatten(),
      dropout,
      tf.layers.dense({ units: 3, activation: 'softmax', ...initializer(2) }),
    ],
  });
  compileClassifier(model, { optimizer, learningRate: 0.01 });
  return model;
}

export const weightsOf = (model: tf.LayersModel) =>
  model.getWeights().map((weight) => [...weight.dataSync()]);
