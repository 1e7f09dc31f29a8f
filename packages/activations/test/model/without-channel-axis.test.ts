import { randomAt, type Images } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ATTRIBUTION_METHODS,
  attributions,
  evaluateModel,
  featureMaps,
  layerStatistics,
  predictions,
  scoresOf,
  topActivations,
  visualizeFeatures,
} from '../../src/index.js';

const random = randomAt(9, 'images');
const images: Images = {
  name: 'noise',
  pixels: Uint8Array.from({ length: 3 * 9 * 8 }, () => 256 * random()),
  labels: Int32Array.of(0, 1, 2),
  count: 3,
  height: 9,
  width: 8,
  channels: 1,
  classNames: ['a', 'b', 'c'],
};

/** Layers with the same weights in each model, for inputs of rank 4. */
const layers = () => [
  tf.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, kernelInitializer: seeded(1) }),
  tf.layers.reLU({ name: 'relu' }),
  tf.layers.flatten(),
  tf.layers.dense({ name: 'scores', units: 3, activation: 'softmax', kernelInitializer: seeded(2) }),
];
const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });

let withAxis: tf.LayersModel;
/** By name, models that read height x width. */
let models: Record<string, tf.LayersModel>;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const identity = tf.layers.activation({ activation: 'linear', inputShape: [9, 8, 1] });
  withAxis = tf.sequential({ layers: [identity, ...layers()] });
  const reshape = () => tf.layers.reshape({ targetShape: [9, 8, 1], inputShape: [9, 8] });
  const input = tf.input({ shape: [9, 8], name: 'image' });
  const output = [reshape(), ...layers()].reduce(
    (x, layer) => layer.apply(x) as tf.SymbolicTensor,
    input as tf.SymbolicTensor,
  );
  const nested = tf.sequential({ layers: [reshape()] });
  models = {
    Sequential: tf.sequential({ layers: [reshape(), ...layers()] }),
    functional: tf.model({ inputs: input, outputs: output }),
    nested: tf.sequential({ layers: [nested as unknown as tf.layers.Layer, ...layers()] }),
  };
});

describe.each(['Sequential', 'functional', 'nested'])(
  'a %s model of height x width without channels',
  (name) => {
    const both = async <T>(compute: (model: tf.LayersModel) => Promise<T>) => {
      const before = tf.memory().numTensors;
      const [actual, expected] = [await compute(models[name]), await compute(withAxis)];
      expect(actual).toEqual(expected);
      expect(tf.memory().numTensors).toBe(before);
    };

    it('predicts and is evaluated as one with an axis of one channel', async () => {
      await both((model) => predictions(model, images));
      await both((model) => evaluateModel(model, images));
      expect(scoresOf(models[name]).kind).toBe('probabilities');
    });

    it('has the same heatmaps by every method', async () => {
      for (const { explain } of ATTRIBUTION_METHODS) await both((model) => explain(model, images, {}));
      await both((model) => attributions(model, images, { method: 'integrated-gradients', target: 1 }));
    });

    it('has the same feature maps, statistics and top activations', async () => {
      await both((model) => featureMaps(model, images, { layer: 'relu' }));
      await both((model) => layerStatistics(model, images, { layers: ['conv', 'relu'] }));
      await both((model) => topActivations(model, images, { layer: 'conv' }));
    });

    it('has the same optimized images', async () => {
      const options = {
        steps: 2,
        seed: 1,
        parametrization: { kind: 'pixels' },
        transformations: [],
      } as const;
      await both((model) => visualizeFeatures(model, [{ kind: 'class', class: 1 }], options));
    });

    it('refuses images of another size or in color', async () => {
      const other = { ...images, height: 8, width: 9 };
      await expect(predictions(models[name], other)).rejects.toThrow(
        'Expected images of 9 x 8, the input size of the model, got 8 x 9',
      );
      const color = { ...images, count: 1, labels: undefined, channels: 3 };
      await expect(predictions(models[name], color)).rejects.toThrow('got 9 x 8 x 3');
    });
  },
);
