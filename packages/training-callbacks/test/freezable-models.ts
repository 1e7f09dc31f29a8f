import { namedWeights, randomAt } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

const { dense, conv2d, batchNormalization, lstm } = tf.layers;
export const square = (options: { name?: string; inputShape?: number[] } = {}) =>
  dense({ units: 3, ...options });
const inner = (name: string, layers: tf.layers.Layer[]) => tf.sequential({ name, layers });

/** Models whose layers have weights of the same shapes, so that they could be confused, and of others. */
export const MODELS: Readonly<Record<string, () => tf.LayersModel>> = {
  'dense layers of one shape': () =>
    tf.sequential({ layers: [square({ inputShape: [3] }), square(), square()] }),
  'dense layers of several shapes': () =>
    tf.sequential({
      layers: [square({ inputShape: [3] }), dense({ units: 2 }), dense({ units: 1, useBias: false })],
    }),
  'convolutions and batch norms': () =>
    tf.sequential({
      layers: [
        conv2d({ inputShape: [4, 4, 2], filters: 2, kernelSize: 1 }),
        batchNormalization(),
        conv2d({ filters: 2, kernelSize: 1 }),
        batchNormalization({ scale: false }),
      ],
    }),
  'recurrent layers': () =>
    tf.sequential({
      layers: [
        tf.layers.bidirectional({
          layer: lstm({ units: 2, returnSequences: true }) as tf.RNN,
          inputShape: [3, 4],
        }),
        lstm({ units: 2, returnSequences: true }),
        tf.layers.timeDistributed({ layer: dense({ units: 2 }) }),
        tf.layers.rnn({ cell: [tf.layers.gruCell({ units: 2 }), tf.layers.gruCell({ units: 2 })] }),
      ],
    }),
  'models inside a model, with equal names of layers': () =>
    tf.sequential({
      layers: [
        // TensorFlow.js takes the layers of a first model out of it.
        square({ name: 'first', inputShape: [3] }),
        inner('one', [square({ name: 'same', inputShape: [3] })]),
        inner('two', [square({ name: 'same', inputShape: [3] })]),
        square({ name: 'same' }),
      ],
    }),
  'a layer that is applied twice': () => {
    const shared = square();
    const input = tf.input({ shape: [3] });
    const output = square().apply(shared.apply(shared.apply(input))) as tf.SymbolicTensor;
    return tf.model({ inputs: input, outputs: output });
  },
  'a constraint': () =>
    tf.sequential({
      layers: [
        dense({ units: 3, inputShape: [3], kernelConstraint: 'unitNorm', biasConstraint: 'nonNeg' }),
        square(),
      ],
    }),
};

const withWeights = (model: tf.LayersModel) => model.layers.filter(({ weights }) => weights.length > 0);

/** What happens to layers between two points of a training. */
export const CHANGES: Readonly<Record<string, (model: tf.LayersModel) => void>> = {
  'the first layer is frozen': (model) => void (withWeights(model)[0].trainable = false),
  'the last layer is frozen': (model) => void (withWeights(model).at(-1)!.trainable = false),
  'the model is frozen': (model) => void (model.trainable = false),
};
export const thaw = (model: tf.LayersModel) => {
  model.trainable = true;
  for (const layer of withWeights(model)) layer.trainable = true;
};

export const compiled = (build: () => tf.LayersModel, optimizer: tf.Optimizer = tf.train.sgd(1)) => {
  const model = build();
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return model;
};

export const setWeights = (model: tf.LayersModel, seed: number) => {
  for (const { name, weight } of namedWeights(model)) {
    const shape = weight.shape as number[];
    const random = randomAt(seed, name.replace(/\d+/g, ''), weight.id);
    const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 2 * random() - 1);
    tf.tidy(() => (weight.read() as tf.Variable).assign(tf.tensor(values, shape)));
  }
};

/** The values of each weight, in the order in which weights were made, which nothing changes. */
export const valuesOf = (model: tf.LayersModel) =>
  [...new Set(model.weights)].sort((a, b) => a.id - b.id).map((weight) => [...weight.read().dataSync()]);

export const variants = Object.keys(MODELS).flatMap((kind) =>
  Object.keys(CHANGES).map((change) => ({ kind, change })),
);
