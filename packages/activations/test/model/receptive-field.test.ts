import * as tf from '@tensorflow/tfjs';
import { IDENTITY } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { topActivations } from '../../src/index.js';
import { gradientOf } from '../../src/gradients/gradient.js';
import { runGraph } from '../../src/model/run-graph.js';
import { readGraph } from '../../src/model/model-graph.js';
import { inferShapes } from '../../src/model/infer-shapes.js';
import { receptiveField } from '../../src/model/receptive-field.js';

beforeAll(() => tf.setBackend('cpu'));

/** The region where the gradient of a position of the output is not zero, with all weights 1. */
function fieldByGradient(model: tf.LayersModel, row: number, column: number) {
  return tf.tidy(() => {
    const graph = readGraph(model);
    const [, height, width, channels] = model.inputs[0].shape as number[];
    const valueAt = (x: tf.Tensor) => {
      const [y] = runGraph(graph, [x], graph.outputs, { gradient: true });
      return tf.sum(tf.slice(y, [0, row, column, 0], [1, 1, 1, -1])) as tf.Scalar;
    };
    const gradient = gradientOf(valueAt, tf.ones([1, height, width, channels]));
    const magnitudes = tf.sum(tf.abs(gradient), [0, 3]).arraySync() as number[][];
    const rows = magnitudes.flatMap((line, y) => (line.some((value) => value > 0) ? [y] : []));
    const columns = magnitudes[0].flatMap((_, x) => (magnitudes.some((line) => line[x] > 0) ? [x] : []));
    return {
      top: rows[0],
      left: columns[0],
      height: rows.at(-1)! - rows[0] + 1,
      width: columns.at(-1)! - columns[0] + 1,
    };
  });
}

function ones<Model extends tf.LayersModel>(model: Model): Model {
  tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.onesLike(weight))));
  return model;
}

const conv = (config: object) =>
  tf.layers.conv2d({ filters: 1, kernelSize: 3, ...config } as Parameters<typeof tf.layers.conv2d>[0]);
const stack = (...layers: tf.layers.Layer[]) => ones(tf.sequential({ layers }));
const from = { inputShape: [13, 16, 1] };

const models: [string, () => tf.LayersModel][] = [
  ['a convolution', () => stack(conv(from))],
  ['a strided convolution with padding', () => stack(conv({ ...from, strides: 2, padding: 'same' }))],
  ['an even kernel with padding', () => stack(conv({ ...from, kernelSize: [4, 2], padding: 'same' }))],
  [
    'convolutions and average pooling',
    () =>
      stack(
        conv(from),
        tf.layers.averagePooling2d({ poolSize: [3, 2], strides: [2, 2] }),
        conv({ strides: [1, 2] }),
      ),
  ],
  [
    'a depthwise and a separable convolution',
    () =>
      stack(
        tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', ...from }),
        tf.layers.separableConv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
      ),
  ],
  [
    'padding layers, cropping layers and activations',
    () =>
      stack(
        tf.layers.zeroPadding2d({
          padding: [
            [1, 0],
            [2, 1],
          ],
          ...from,
        }),
        conv({ strides: 2 }),
        tf.layers.reLU(),
        tf.layers.cropping2D({
          cropping: [
            [1, 0],
            [0, 2],
          ],
        }),
      ),
  ],
  [
    'pointwise layers',
    () =>
      stack(
        tf.layers.rescaling({ scale: 2, offset: 1, ...from } as never),
        conv({}),
        tf.layers.leakyReLU(),
        conv({ strides: 2 }),
      ),
  ],
  [
    'transposed convolutions and upsampling',
    () =>
      stack(
        conv({ ...from, strides: 2, padding: 'same' }),
        tf.layers.conv2dTranspose({ filters: 1, kernelSize: 4, strides: 2, padding: 'same' }),
        tf.layers.conv2dTranspose({ filters: 1, kernelSize: [3, 5], strides: 2, padding: 'valid' }),
        tf.layers.upSampling2d({ size: [2, 3] }),
        conv({ padding: 'same' }),
      ),
  ],
  [
    'a residual sum of branches with different receptive fields',
    () => {
      const input = tf.input({ shape: from.inputShape });
      const x = conv({ strides: 2, padding: 'same' }).apply(input) as tf.SymbolicTensor;
      const deep = conv({ kernelSize: 5, padding: 'same' }).apply(x) as tf.SymbolicTensor;
      const output = tf.layers.add().apply([x, deep]) as tf.SymbolicTensor;
      return ones(tf.model({ inputs: input, outputs: output }));
    },
  ],
  [
    'a channel gate, which depends on the whole map',
    () => {
      const input = tf.input({ shape: from.inputShape });
      const x = conv({}).apply(input) as tf.SymbolicTensor;
      const mean = tf.layers.globalAveragePooling2d({} as never).apply(x);
      const gate = tf.layers.reshape({ targetShape: [1, 1, 1] }).apply(mean);
      const output = tf.layers.multiply().apply([x, gate] as tf.SymbolicTensor[]) as tf.SymbolicTensor;
      return ones(tf.model({ inputs: input, outputs: output }));
    },
  ],
];

describe('receptiveField', () => {
  it.each(models)('is the region with a gradient: %s', (_, make) => {
    const model = make();
    const graph = readGraph(model);
    const shapes = inferShapes(graph, [[1, ...from.inputShape]]);
    const [value] = graph.outputs;
    const [, height, width] = shapes[value];
    expect(shapes[value]).toEqual([1, ...model.outputs[0].shape.slice(1)]);
    const middle = (size: number) => Math.floor(size / 2);
    for (const row of [0, middle(height), height - 1])
      for (const column of [0, middle(width), width - 1])
        expect(receptiveField(graph, { value, shapes, row, column })).toEqual(
          fieldByGradient(model, row, column),
        );
  });

  it('is the whole image for a dense layer', async () => {
    const model = stack(
      conv({ ...from, padding: 'same' }),
      tf.layers.flatten(),
      tf.layers.dense({ name: 'dense', units: 2 }),
    );
    const pixels = new Uint8Array(13 * 16).fill(1);
    const images = { name: 'one', pixels, count: 1, height: 13, width: 16, channels: 1, classNames: [] };
    const { filters } = await topActivations(model, images, { layer: 'dense', preprocessing: IDENTITY });
    const field = { top: 0, left: 0, height: 13, width: 16 };
    expect(filters[0].entries[0]).toMatchObject({ index: 0, row: 0, column: 0, receptiveField: field });
  });
});
