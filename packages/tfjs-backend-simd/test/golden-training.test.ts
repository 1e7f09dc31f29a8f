import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import '../src/index.js';

interface Weight {
  layer: string;
  weight: string;
}

interface WeightMoments {
  mean: number;
  std: number;
  l2: number;
}

interface TrainingSteps {
  steps: { loss_before_update: number; weights?: (Weight & WeightMoments)[] }[];
}

interface Golden extends Record<'sgd' | 'momentum' | 'adam', TrainingSteps> {
  weights: (Weight & { shape: number[]; data: number[] })[];
  images: { shape: number[]; data: number[] };
  labels: number[];
}

/** Three training steps in Keras, from fixed initial weights, on the same four images. */
const golden = JSON.parse(
  readFileSync(new URL('fixtures/golden-training.json', import.meta.url), 'utf8'),
) as Golden;

const variable = (model: tf.LayersModel, { layer, weight }: Weight) =>
  model.getLayer(layer).weights.find(({ originalName }) => originalName.includes(weight))!;

/** The network of the fixture, up to the logits: the loss in Keras is computed from logits. */
function goldenModel(): tf.LayersModel {
  const { conv2d, reLU, maxPooling2d, batchNormalization, add, flatten, dense } = tf.layers;
  const applyAll = (x: tf.SymbolicTensor, ...layers: tf.layers.Layer[]) =>
    layers.reduce((y, layer) => layer.apply(y) as tf.SymbolicTensor, x);
  const input = tf.input({ shape: [16, 16, 3] });
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
  const outputs = applyAll(
    add().apply([pooled, residual]) as tf.SymbolicTensor,
    flatten(),
    dense({ name: 'fc1', units: 16 }),
    reLU(),
    dense({ name: 'logits', units: 10 }),
  );
  const model = tf.model({ inputs: input, outputs });
  for (const weight of golden.weights)
    tf.tidy(() => {
      variable(model, weight).write(tf.tensor(weight.data, weight.shape));
    });
  return model;
}

const crossEntropy = (targets: tf.Tensor, logits: tf.Tensor) =>
  tf.tidy(() => tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1)));

function momentsOf(values: Float32Array): WeightMoments {
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
  ] as const)('matches three steps of Keras with %s', async (name, createOptimizer) => {
    const model = goldenModel();
    model.compile({ optimizer: createOptimizer(), loss: crossEntropy });
    const x = tf.tensor(golden.images.data, golden.images.shape);
    const y = tf.oneHot(tf.tensor1d(golden.labels, 'int32'), 10).toFloat();
    for (const { loss_before_update, weights } of golden[name].steps) {
      const loss = (await model.trainOnBatch(x, y)) as number;
      expect(Math.abs(loss / loss_before_update - 1)).toBeLessThan(1e-4);
      for (const expected of weights ?? []) {
        const actual = momentsOf(variable(model, expected).read().dataSync<'float32'>());
        for (const key of ['mean', 'std', 'l2'] as const) {
          const error = Math.abs(actual[key] - expected[key]) / Math.max(1, Math.abs(expected[key]));
          expect(error, `${expected.layer}/${expected.weight} ${key}`).toBeLessThan(1e-4);
        }
      }
    }
  });
});
