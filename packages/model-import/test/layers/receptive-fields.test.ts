import { attributions, findLayer, keyLayers, topActivations } from '@convlens/activations';
import { IDENTITY, randomAt, type Images } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { AxisBatchNormalization } from '../../src/layers/axis-batch-normalization.js';
import { GroupNormalization } from '../../src/layers/group-normalization.js';
import { SelectChannels } from '../../src/operation-layers/select-channels.js';
import { StackTensors } from '../../src/operation-layers/stack-tensors.js';
import { LayerScale } from '../../src/layers/layer-scale.js';
import { RMSNormalization, UnitNormalization } from '../../src/layers/vector-normalizations.js';

beforeAll(() => tf.setBackend('cpu'));

const random = randomAt(5, 'receptive fields');
const images: Images = {
  name: 'noise',
  pixels: Float32Array.from({ length: 13 * 16 * 2 }, () => 0.5 + random()),
  count: 1,
  height: 13,
  width: 16,
  channels: 2,
  classNames: ['yes', 'no'],
};

/** Two convolutions with positive weights, and layers between them. */
function network(...layers: tf.layers.Layer[]): tf.LayersModel {
  const positive = tf.initializers.randomUniform({ minval: 0.2, maxval: 1, seed: 3 });
  const conv = (name: string, config: object) =>
    tf.layers.conv2d({ name, filters: 4, kernelSize: 3, kernelInitializer: positive, ...config });
  return tf.sequential({
    layers: [
      conv('first', { inputShape: [13, 16, 2], strides: 2, padding: 'same' }),
      ...layers,
      tf.layers.reLU({ name: 'relu' }),
      conv('last', {}),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ name: 'scores', units: 2, activation: 'softmax' }),
    ],
  });
}

/** The pixels that a neuron has a gradient for. */
async function fieldByGradient(model: tf.LayersModel, neuron: number[]) {
  const target = { layer: 'last', neuron };
  const [{ values }] = await attributions(model, images, { target, preprocessing: IDENTITY });
  const pixels = [...values.keys()].filter((i) => values[i] !== 0).map((i) => i >> 1);
  const [rows, columns] = [pixels.map((p) => Math.floor(p / 16)), pixels.map((p) => p % 16)];
  const [top, left] = [Math.min(...rows), Math.min(...columns)];
  return { top, left, height: Math.max(...rows) - top + 1, width: Math.max(...columns) - left + 1 };
}

const norm = { name: 'norm', groups: 2, epsilon: 0.01, scale: true, center: true };

const POINTWISE: [string, () => tf.layers.Layer][] = [
  ['LayerScale', () => new LayerScale({ name: 'norm', channels: 4 } as never)],
  ['RMSNormalization', () => new RMSNormalization({ name: 'norm', axis: [-1], epsilon: 0.01 } as never)],
  [
    'RMSNormalization with a positive axis',
    () => new RMSNormalization({ name: 'norm', axis: [3], epsilon: 0.01 } as never),
  ],
  ['UnitNormalization', () => new UnitNormalization({ name: 'norm', axis: [-1] } as never)],
  [
    'AxisBatchNormalization',
    () =>
      new AxisBatchNormalization({
        name: 'norm',
        axis: 1,
        epsilon: 0.01,
        scale: true,
        center: true,
      } as never),
  ],
];

const WHOLE: [string, () => tf.layers.Layer][] = [
  ['GroupNormalization, whose statistics are those of all positions', () => new GroupNormalization(norm)],
  [
    'RMSNormalization along rows and columns',
    () => new RMSNormalization({ name: 'norm', axis: [1, 2], epsilon: 0.01 } as never),
  ],
  [
    'UnitNormalization along rows and columns',
    () => new UnitNormalization({ name: 'norm', axis: [1, 2] } as never),
  ],
];

describe('the receptive field of a neuron behind a layer', () => {
  it.each([...POINTWISE, ...WHOLE])('is the region with a gradient: %s', async (title, create) => {
    const model = network(create());
    const { filters } = await topActivations(model, images, {
      layer: 'last',
      count: 1,
      preprocessing: IDENTITY,
    });
    const { row, column, receptiveField } = filters[0].entries[0];
    expect(receptiveField).toEqual(await fieldByGradient(model, [row, column, 0]));
    const isWhole = receptiveField.height === 13 && receptiveField.width === 16;
    expect(isWhole).toBe(WHOLE.some(([name]) => name === title));
    model.dispose();
  });
});

describe('the receptive field behind channels that are chosen', () => {
  /** Channels in reverse by slices and a stack, as preprocess_input of ResNet50 makes BGR, or by one slice. */
  const reversed: [string, (x: tf.SymbolicTensor) => tf.SymbolicTensor][] = [
    [
      'by a stack of channels',
      (x) => {
        const channels = [1, 0].map(
          (c) => new SelectChannels({ channels: [c], keepsAxis: false }).apply(x) as tf.SymbolicTensor,
        );
        return new StackTensors({ axis: -1 }).apply(channels) as tf.SymbolicTensor;
      },
    ],
    [
      'in one step',
      (x) => new SelectChannels({ channels: [1, 0], keepsAxis: true }).apply(x) as tf.SymbolicTensor,
    ],
    [
      'as a single one',
      (x) => new SelectChannels({ channels: [1], keepsAxis: true }).apply(x) as tf.SymbolicTensor,
    ],
  ];

  it.each(reversed)('is the region with a gradient: %s', async (_, choose) => {
    const input = tf.input({ shape: [13, 16, 2] });
    const positive = tf.initializers.randomUniform({ minval: 0.2, maxval: 1, seed: 3 });
    const conv = (config: object) =>
      tf.layers.conv2d({ filters: 2, kernelSize: 3, kernelInitializer: positive, ...config });
    const maps = conv({ name: 'last', strides: 2 }).apply(choose(conv({}).apply(input) as tf.SymbolicTensor));
    const scores = tf.layers
      .dense({ units: 2, activation: 'softmax' })
      .apply(tf.layers.flatten().apply(maps as tf.SymbolicTensor));
    const model = tf.model({ inputs: input, outputs: scores as tf.SymbolicTensor });
    const { filters } = await topActivations(model, images, {
      layer: 'last',
      count: 1,
      preprocessing: IDENTITY,
    });
    const { row, column, receptiveField } = filters[0].entries[0];
    expect(receptiveField).toEqual(await fieldByGradient(model, [row, column, 0]));
    expect([receptiveField.height, receptiveField.width]).toEqual([5, 5]);
    model.dispose();
  });
});

describe('the first convolution of a network', () => {
  it.each([...POINTWISE, ...WHOLE])(
    'is shown by the activation behind its normalization: %s',
    (_, create) => {
      const model = network(create());
      expect(findLayer(model, 'first-conv')).toBe('relu');
      expect(keyLayers(model)[0]).toMatchObject({ name: 'first', output: 'relu' });
      model.dispose();
    },
  );
});
