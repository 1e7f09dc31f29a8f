import { findLayer, gradCam, guidedBackprop, topActivations } from '@convlens/activations';
import { randomAt, type Images } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Convolution, type ConvolutionOptions } from '../../src/layers/convolution.js';
import { GeneralReLU } from '../../src/layers/general-relu.js';
import { ScaledELU } from '../../src/layers/scaled-elu.js';

const random = randomAt(5, 'explained layers');
const images: Images = {
  name: 'noise',
  pixels: Uint8Array.from({ length: 2 * 12 * 12 * 2 }, () => Math.floor(256 * random())),
  count: 2,
  height: 12,
  width: 12,
  channels: 2,
  classNames: ['yes', 'no'],
};

const groupedConvolution = (options: Partial<ConvolutionOptions> = {}) =>
  new Convolution({
    name: 'conv',
    kind: 'grouped',
    rank: 2,
    filters: 4,
    kernelSize: [3, 3],
    strides: [1, 1],
    dilationRate: [1, 1],
    padding: 'valid',
    groups: 2,
    depthMultiplier: 1,
    useBias: true,
    activation: 'linear',
    ...options,
  });

const builtInConvolution = () => tf.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3 });

const generalReLU = () => new GeneralReLU({ name: 'relu', threshold: 0, negativeSlope: 0, maxValue: null });
const builtInReLU = () => tf.layers.reLU({ name: 'relu' });

/** A classifier with these two layers in the middle, and seeded weights. */
function buildModel(convolution: tf.layers.Layer, rectifier: tf.layers.Layer): tf.LayersModel {
  const input = tf.input({ shape: [12, 12, 2] });
  const first = tf.layers.conv2d({ name: 'first', filters: 4, kernelSize: 3, activation: 'relu' });
  const maps = rectifier.apply(convolution.apply(first.apply(input))) as tf.SymbolicTensor;
  const scores = tf.layers.dense({ name: 'scores', units: 2, activation: 'softmax' });
  const output = scores.apply(tf.layers.flatten().apply(maps)) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: output });
  const values = randomAt(6, 'weights');
  const randomWeight = ({ shape, size }: tf.Tensor) =>
    tf.tensor(
      Array.from({ length: size }, () => values() - 0.5),
      shape,
    );
  tf.tidy(() => model.setWeights(model.getWeights().map(randomWeight)));
  return model;
}

const modelWithGroups = () => buildModel(groupedConvolution(), generalReLU());

/** The same function with built-in layers: the kernel is zero between different groups. */
function equivalentModel(): tf.LayersModel {
  const model = buildModel(builtInConvolution(), builtInReLU());
  tf.tidy(() => {
    const weights = modelWithGroups().getWeights();
    const kernels = tf.split(weights[2], 2, 3).map((kernel, group) =>
      tf.pad(kernel, [
        [0, 0],
        [0, 0],
        [0, 0],
        [2 * group, 2 - 2 * group],
      ]),
    );
    weights[2] = tf.concat(kernels, 2);
    model.setWeights(weights);
  });
  return model;
}

beforeAll(() => tf.setBackend('cpu'));

describe('@convlens/activations, on layers that TensorFlow.js lacks,', () => {
  it('finds a grouped convolution with its rectifier as the last convolution', () => {
    const scaledELU = () => new ScaledELU({ name: 'relu', alpha: 0.5 });
    for (const rectifier of [generalReLU, scaledELU])
      expect(findLayer(buildModel(groupedConvolution(), rectifier()), 'last-conv')).toBe('relu');
  });

  it('computes the receptive field of a grouped convolution', async () => {
    const dilated = buildModel(groupedConvolution({ dilationRate: [2, 1] }), generalReLU());
    const { filters } = await topActivations(dilated, images, { layer: 'conv', count: 1, filters: [0] });
    expect(filters[0].entries[0].receptiveField).toMatchObject({ height: 7, width: 5 });
  });

  it('computes gradients through a convolution with one group as through a built-in one', async () => {
    const singleGroup = buildModel(groupedConvolution({ groups: 1 }), generalReLU());
    const builtIn = buildModel(builtInConvolution(), builtInReLU());
    for (const layer of ['first', 'conv']) {
      const [expected] = await gradCam(builtIn, images, { layer });
      const [actual] = await gradCam(singleGroup, images, { layer });
      actual.values.forEach((value, i) => expect(value).toBeCloseTo(expected.values[i], 4));
    }
  });

  it('computes the same heatmaps as on built-in layers', async () => {
    for (const method of [guidedBackprop, gradCam]) {
      const expected = await method(equivalentModel(), images);
      const actual = await method(modelWithGroups(), images);
      actual.forEach((heatmap, k) =>
        heatmap.values.forEach((value, i) => expect(value).toBeCloseTo(expected[k].values[i], 4)),
      );
      expect(Math.max(...actual[0].values)).toBeGreaterThan(0);
    }
  });
});
