import * as tf from '@tensorflow/tfjs';
import { findLayer, gradCam, guidedBackprop, topActivations } from '@convlens/activations';
import { randomAt, type Images } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Convolution, type ConvolutionOptions } from '../src/layers/convolution.js';
import { GeneralReLU } from '../src/layers/general-relu.js';
import { ScaledELU } from '../src/layers/scaled-elu.js';

const random = randomAt(5, 'explained layers');
const images: Images = {
  name: 'grain',
  pixels: Uint8Array.from({ length: 2 * 12 * 12 * 2 }, () => Math.floor(256 * random())),
  count: 2,
  height: 12,
  width: 12,
  channels: 2,
  classNames: ['yes', 'no'],
};

const grouped = (name: string, more: Partial<ConvolutionOptions> = {}) =>
  new Convolution({
    name,
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
    ...more,
  });

/** The same network of our layers, or of stock ones where they compute the same. */
function network(convolution: () => tf.layers.Layer, rectifier: () => tf.layers.Layer): tf.LayersModel {
  const input = tf.input({ shape: [12, 12, 2] });
  const stock = tf.layers.conv2d({ name: 'first', filters: 4, kernelSize: 3, activation: 'relu' });
  const maps = rectifier().apply(convolution().apply(stock.apply(input))) as tf.SymbolicTensor;
  const scores = tf.layers.dense({ name: 'scores', units: 2, activation: 'softmax' });
  const output = scores.apply(tf.layers.flatten().apply(maps)) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: output });
  const values = randomAt(6, 'weights');
  const weightOf = ({ shape, size }: tf.Tensor) =>
    tf.tensor(
      Array.from({ length: size }, () => values() - 0.5),
      shape,
    );
  tf.tidy(() => model.setWeights(model.getWeights().map(weightOf)));
  return model;
}

const plain = () => new GeneralReLU({ name: 'bend', threshold: 0, negativeSlope: 0, maxValue: null });
const ours = () => network(() => grouped('conv'), plain);

/** The same function by stock layers: the kernel of two groups is one whose other half is zero. */
function stock(): tf.LayersModel {
  const model = network(
    () => tf.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3 }),
    () => tf.layers.reLU({ name: 'bend' }),
  );
  tf.tidy(() => {
    const weights = ours().getWeights();
    const kernels = tf.split(weights[2], 2, 3);
    const rows = kernels.map((kernel, group) =>
      tf.pad(kernel, [
        [0, 0],
        [0, 0],
        [0, 0],
        [2 * group, 2 - 2 * group],
      ]),
    );
    weights[2] = tf.concat(rows, 2);
    model.setWeights(weights);
  });
  return model;
}

beforeAll(() => tf.setBackend('cpu'));

describe('@convlens/activations on layers that TensorFlow.js has not', () => {
  it('takes a grouped convolution for the last one, with the rectifier behind it', () => {
    const elu = () => new ScaledELU({ name: 'bend', alpha: 0.5 });
    for (const rectifier of [plain, elu])
      expect(
        findLayer(
          network(() => grouped('conv'), rectifier),
          'last-conv',
        ),
      ).toBe('bend');
  });

  it('knows what part of the image a grouped convolution sees', async () => {
    const wide = network(() => grouped('conv', { dilationRate: [2, 1] }), plain);
    const { filters } = await topActivations(wide, images, { layer: 'conv', count: 1, filters: [0] });
    expect(filters[0].entries[0].field).toMatchObject({ height: 7, width: 5 });
  });

  it('takes gradients through a convolution in one group, which is a plain one', async () => {
    const [single, plainly] = [
      network(() => grouped('conv', { groups: 1 }), plain),
      network(
        () => tf.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3 }),
        () => tf.layers.reLU({ name: 'bend' }),
      ),
    ];
    for (const layer of ['first', 'conv']) {
      const [expected] = await gradCam(plainly, images, { layer });
      const [actual] = await gradCam(single, images, { layer });
      actual.values.forEach((value, at) => expect(value).toBeCloseTo(expected.values[at], 4));
    }
  });

  it('makes of them the maps that it makes of the stock layers', async () => {
    for (const method of [guidedBackprop, gradCam]) {
      const [expected, actual] = [await method(stock(), images), await method(ours(), images)];
      actual.forEach(({ values }, i) =>
        values.forEach((value, at) => expect(value).toBeCloseTo(expected[i].values[at], 4)),
      );
      expect(Math.max(...actual[0].values)).toBeGreaterThan(0);
    }
  });
});
