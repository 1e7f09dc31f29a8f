import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import '../src/index.js';

interface Weight {
  layer: string;
  weight: string;
}

interface Measures {
  mean: number;
  std: number;
  l2: number;
}

interface Steps {
  steps: { loss_before_update: number; weights?: (Weight & Measures)[] }[];
}

interface Golden extends Record<'sgd' | 'momentum' | 'adam', Steps> {
  weights: (Weight & { shape: number[]; data: number[] })[];
  images: { shape: number[]; data: number[] };
  labels: number[];
}

/** Three steps of training in Keras, from given weights, always on the same four images. */
const golden = JSON.parse(
  readFileSync(new URL('fixtures/golden-training.json', import.meta.url), 'utf8'),
) as Golden;

const variable = (model: tf.LayersModel, { layer, weight }: Weight) =>
  model.getLayer(layer).weights.find(({ originalName }) => originalName.includes(weight))!;

/** The network of the fixture, up to the logits: Keras takes the loss from there. */
function goldenModel(): tf.LayersModel {
  const { conv2d, reLU, maxPooling2d, batchNormalization, add, flatten, dense } = tf.layers;
  const through = (x: tf.SymbolicTensor, ...layers: tf.layers.Layer[]) =>
    layers.reduce((y, layer) => layer.apply(y) as tf.SymbolicTensor, x);
  const input = tf.input({ shape: [16, 16, 3] });
  const pooled = through(
    input,
    conv2d({ name: 'conv1', filters: 8, kernelSize: 5, padding: 'same' }),
    reLU(),
    maxPooling2d({ poolSize: 2 }),
    conv2d({ name: 'conv2', filters: 12, kernelSize: 3 }),
    batchNormalization({ name: 'bn2' }),
    reLU(),
    maxPooling2d({ poolSize: 2 }),
  );
  const residual = through(
    pooled,
    conv2d({ name: 'res_conv', filters: 12, kernelSize: 3, padding: 'same' }),
    reLU(),
  );
  const outputs = through(
    add().apply([pooled, residual]) as tf.SymbolicTensor,
    flatten(),
    dense({ name: 'fc1', units: 16 }),
    reLU(),
    dense({ name: 'logits', units: 10 }),
  );
  const model = tf.model({ inputs: input, outputs });
  for (const one of golden.weights)
    tf.tidy(() => {
      variable(model, one).write(tf.tensor(one.data, one.shape));
    });
  return model;
}

const crossEntropy = (targets: tf.Tensor, logits: tf.Tensor) =>
  tf.tidy(() => tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1)));

function measure(values: Float32Array): Measures {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + value ** 2, 0);
  return { mean, std: Math.sqrt(squares / values.length - mean ** 2), l2: Math.sqrt(squares) };
}

beforeAll(() => tf.setBackend('simd'));

describe('training', () => {
  it.each([
    ['sgd', () => tf.train.sgd(0.1)],
    ['momentum', () => tf.train.momentum(0.01, 0.9)],
    ['adam', () => tf.train.adam(0.001, 0.9, 0.999, 1e-7)],
  ] as const)('makes the three steps that Keras makes, by %s', async (name, make) => {
    const model = goldenModel();
    model.compile({ optimizer: make(), loss: crossEntropy });
    const x = tf.tensor(golden.images.data, golden.images.shape);
    const y = tf.oneHot(tf.tensor1d(golden.labels, 'int32'), 10).toFloat();
    for (const { loss_before_update, weights } of golden[name].steps) {
      const loss = (await model.trainOnBatch(x, y)) as number;
      expect(Math.abs(loss / loss_before_update - 1)).toBeLessThan(1e-4);
      for (const expected of weights ?? []) {
        const actual = measure(variable(model, expected).read().dataSync<'float32'>());
        for (const key of ['mean', 'std', 'l2'] as const) {
          const error = Math.abs(actual[key] - expected[key]) / Math.max(1, Math.abs(expected[key]));
          expect(error, `${expected.layer}/${expected.weight} ${key}`).toBeLessThan(1e-4);
        }
      }
    }
  });
});
