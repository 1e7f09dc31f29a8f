import { readFileSync } from 'node:fs';
import { IDENTITY, type ImageBatch } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { crossEntropy, fit } from '../src/index.js';

interface Step {
  loss_before_update: number;
  weights?: { layer: string; weight: string; mean: number; std: number; l2: number }[];
}

// Three training steps in Keras from fixed weights, on the same four images.
const golden = JSON.parse(readFileSync(new URL('fixtures/golden-training.json', import.meta.url), 'utf8'));

function goldenModel(): tf.LayersModel {
  const { conv2d, reLU, maxPooling2d, batchNormalization, add, flatten, dense, softmax } = tf.layers;
  const input = tf.input({ shape: [16, 16, 3] });
  const applyAll = (x: tf.SymbolicTensor, ...layers: tf.layers.Layer[]) =>
    layers.reduce((y, layer) => layer.apply(y) as tf.SymbolicTensor, x);
  const pooled = applyAll(
    input,
    conv2d({ name: 'conv1', filters: 8, kernelSize: 5, padding: 'same' }),
    reLU(),
    maxPooling2d({ poolSize: 2 }),
    conv2d({ name: 'conv2', filters: 12, kernelSize: 3 }),
    batchNormalization({ name: 'bn2' }),
    reLU(),
    maxPooling2d({ poolSize: 2 }),
  );
  const residual = applyAll(
    pooled,
    conv2d({ name: 'res_conv', filters: 12, kernelSize: 3, padding: 'same' }),
    reLU(),
  );
  const output = applyAll(
    add().apply([pooled, residual]) as tf.SymbolicTensor,
    flatten(),
    dense({ name: 'fc1', units: 16 }),
    reLU(),
    dense({ name: 'logits', units: 10 }),
    softmax(),
  );
  const model = tf.model({ inputs: input, outputs: output });
  for (const { layer, weight, shape, data } of golden.weights) {
    const variable = model.getLayer(layer).weights.find(({ originalName }) => originalName.includes(weight))!;
    tf.tidy(() => {
      variable.write(tf.tensor(data, shape));
    });
  }
  return model;
}

const { shape, data } = golden.images;
const batch: ImageBatch = {
  kind: 'image-batch',
  name: 'golden',
  pixels: Float32Array.from(data),
  labels: Int32Array.from(golden.labels),
  ...{ count: shape[0], height: shape[1], width: shape[2], channels: shape[3] },
  classNames: Array.from({ length: 10 }, (_, i) => `class ${i}`),
  ...{ epoch: 0, step: 0, indices: Uint32Array.of(0, 1, 2, 3) },
};

beforeAll(() => tf.setBackend('cpu'));

describe('fit', () => {
  it.each([
    ['sgd', () => tf.train.sgd(0.1)],
    ['momentum', () => tf.train.momentum(0.01, 0.9)],
    ['adam', () => tf.train.adam(0.001, 0.9, 0.999, 1e-7)],
  ])('makes the same steps as Keras, including the moving averages of batch norm: %s', async (name, make) => {
    const model = goldenModel();
    model.compile({ optimizer: make(), loss: crossEntropy, metrics: ['accuracy'] });
    const losses: number[] = [];
    const measured: NonNullable<Step['weights']>[] = [];
    const recorder = new tf.CustomCallback({
      onEpochEnd: async (_, logs) => {
        losses.push(logs!.loss);
        measured.push(
          golden.weights.map(({ layer, weight }: { layer: string; weight: string }) =>
            measure(model, layer, weight),
          ),
        );
      },
    });
    await fit(model, { train: () => [batch], epochs: 3, preprocessing: IDENTITY, callbacks: [recorder] });
    golden[name].steps.forEach((step: Step, i: number) => {
      expect(Math.abs(losses[i] / step.loss_before_update - 1)).toBeLessThan(1e-4);
      step.weights?.forEach((expected, j) => {
        for (const key of ['mean', 'std', 'l2'] as const) {
          const error = Math.abs(measured[i][j][key] - expected[key]) / Math.max(1, Math.abs(expected[key]));
          expect(error, `${expected.layer}/${expected.weight} ${key} after step ${i + 1}`).toBeLessThan(1e-4);
        }
      });
    });
  });
});

function measure(model: tf.LayersModel, layer: string, weight: string) {
  const variable = model.getLayer(layer).weights.find(({ originalName }) => originalName.includes(weight))!;
  const values = [...variable.read().dataSync()];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + value ** 2, 0);
  return { layer, weight, mean, std: Math.sqrt(squares / values.length - mean ** 2), l2: Math.sqrt(squares) };
}
