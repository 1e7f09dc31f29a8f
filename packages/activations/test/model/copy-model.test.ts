import { namedWeights, randomAt } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { copyModel } from '../../src/model/copy-model.js';

beforeAll(() => tf.setBackend('cpu'));

const { dense, separableConv2d, flatten } = tf.layers;
const base = () => {
  const layers = [dense({ units: 3, inputShape: [3] }), tf.layers.batchNormalization()];
  return tf.sequential({ name: 'base', layers });
};

function randomize(model: tf.LayersModel): void {
  const random = randomAt(3, 'weights');
  for (const { weight } of namedWeights(model)) {
    const shape = weight.shape as number[];
    const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 0.5 + random());
    tf.tidy(() => (weight.read() as tf.Variable).assign(tf.tensor(values, shape)));
  }
}

const valuesOf = (model: tf.LayersModel) =>
  Object.fromEntries(namedWeights(model).map(({ name, weight }) => [name, [...weight.read().dataSync()]]));

const MODELS: Readonly<Record<string, () => tf.LayersModel>> = {
  'a frozen model inside the model': () => {
    const frozen = base();
    frozen.trainable = false;
    return tf.sequential({ layers: [dense({ units: 3, inputShape: [3] }), frozen, dense({ units: 3 })] });
  },
  'a frozen model': () => {
    const layers = [
      dense({ units: 3, inputShape: [3] }),
      tf.layers.batchNormalization(),
      dense({ units: 3 }),
    ];
    const model = tf.sequential({ layers });
    model.trainable = false;
    return model;
  },
  'a frozen layer': () => {
    const layers = [dense({ units: 3, inputShape: [3] }), dense({ units: 3 }), dense({ units: 3 })];
    layers[0].trainable = false;
    return tf.sequential({ layers });
  },
  'a weight with a constraint': () =>
    tf.sequential({ layers: [dense({ units: 3, inputShape: [3], kernelConstraint: 'unitNorm' })] }),
  'separable convolutions with a depth multiplier': () =>
    tf.sequential({
      layers: [
        separableConv2d({ inputShape: [4, 4, 2], filters: 3, kernelSize: 2, depthMultiplier: 3 }),
        flatten(),
      ],
    }),
  'depthwise convolutions with a regularizer': () =>
    tf.sequential({
      layers: [
        tf.layers.depthwiseConv2d({ inputShape: [4, 4, 2], kernelSize: 2, depthwiseRegularizer: 'l1l2' }),
        flatten(),
      ],
    }),
  'a layer that two models inside it share': () => {
    const shared = dense({ units: 3 });
    const input = tf.input({ shape: [3] });
    const outputs = ['a', 'b'].map((name) => {
      const x = tf.input({ shape: [3] });
      const inner = tf.model({ name, inputs: x, outputs: shared.apply(x) as tf.SymbolicTensor });
      return inner.apply(input) as tf.SymbolicTensor;
    });
    return tf.model({ inputs: input, outputs: tf.layers.add().apply(outputs) as tf.SymbolicTensor });
  },
};

describe('copyModel', () => {
  it.each(Object.entries(MODELS))(
    'copies each weight to its layer, and the model predicts the same: %s',
    async (_, build) => {
      const model = build();
      randomize(model);
      const copy = await copyModel(model);
      expect(valuesOf(copy)).toMatchObject(valuesOf(model));
      const [, ...shape] = model.inputs[0].shape as number[];
      const predict = (of: tf.LayersModel) =>
        tf.tidy(() => [
          ...(
            of.predict(tf.linspace(-1, 1, tf.util.sizeFromShape(shape)).reshape([1, ...shape])) as tf.Tensor
          ).dataSync(),
        ]);
      expect(predict(copy)).toEqual(predict(model));
      copy.dispose();
      model.dispose();
    },
  );
});
