import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { writeHdf5, type Dataset } from '../hdf5/write-hdf5.js';
import { inputValues } from '../input-values.js';
import { smallDistance, smallFile } from '../small.js';

beforeAll(() => tf.setBackend('cpu'));

type Json = Readonly<Record<string, unknown>>;

/** Weights by layer, of which each has a name such as `x_W`. */
interface Keras1Layer {
  readonly className: string;
  readonly config: Json;
  /** The endings of the names, with arrays. */
  readonly weights?: Readonly<Record<string, Dataset>>;
}

const array = (shape: readonly number[], seed: number): Dataset => {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, values: inputValues([size], seed).map((value) => value - 0.5) };
};

const tensorOf = ({ shape, values }: Dataset) => tf.tensor(Float32Array.from(values), [...shape]);

/** A file of Keras 1 with one layer. */
function keras1File(
  { className, config, weights = {} }: Keras1Layer,
  {
    inputShape,
    version = '1.2.2' as string | undefined,
  }: { inputShape: readonly number[]; version?: string },
): Uint8Array {
  const model = {
    class_name: 'Sequential',
    config: [
      { class_name: className, config: { name: 'x', batch_input_shape: [null, ...inputShape], ...config } },
    ],
  };
  return layerFile(model, { x: weights }, version);
}

function layerFile(
  model: Json,
  layers: Readonly<Record<string, Readonly<Record<string, Dataset>>>>,
  version: string | undefined,
): Uint8Array {
  const groups = Object.entries(layers).map(([layer, weights]) => {
    const named = Object.entries(weights).map(([ending, data]) => [`${layer}_${ending}:0`, data] as const);
    const names = named.map(([name]) => name);
    return [layer, { attributes: { weight_names: names }, children: Object.fromEntries(named) }] as const;
  });
  return writeHdf5({
    attributes: { model_config: JSON.stringify(model), ...(version && { keras_version: version }) },
    children: {
      model_weights: {
        attributes: { layer_names: Object.keys(layers) },
        children: Object.fromEntries(groups),
      },
    },
  });
}

/** The output of a layer of Keras 1 for the input of `inputValues`. */
async function outputOf(layer: Keras1Layer, inputShape: readonly number[], version?: string) {
  const options = { inputShape, ...(version !== undefined && { version }) };
  const { model } = await importKeras(keras1File(layer, options), { fileName: 'a.h5' });
  const x = inputOf(inputShape);
  const y = model.predict(x) as tf.Tensor;
  model.dispose();
  return y;
}

const inputOf = (shape: readonly number[]) => tf.tensor(inputValues([2, ...shape], 1), [2, ...shape]);

function expectClose(actual: tf.Tensor, expected: tf.Tensor) {
  expect(actual.shape).toEqual(expected.shape);
  expect(tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0]).toBeLessThan(1e-5);
}

const IMAGE = [7, 6, 3];
const image = () => inputOf(IMAGE) as tf.Tensor4D;
const kernel = array([3, 2, 3, 4], 2);
const bias = array([4], 3);
const channels = ['gamma', 'beta', 'running_mean'].map((_, i) => array([3], 4 + i));
const variance: Dataset = { shape: [3], values: [0.5, 2, 1.5] };

describe('a file of Keras 1', () => {
  it('gives the outputs of Keras: keras1.h5', async () => {
    const { model, warnings } = await importKeras(smallFile('keras1.h5'));
    expect(smallDistance(model)).toBeLessThan(1e-6);
    expect(warnings).toEqual([expect.stringMatching(/^Keras 1 does not write its backend/)]);
    model.dispose();
  });

  const convolution: Keras1Layer = {
    className: 'Convolution2D',
    config: {
      nb_filter: 4,
      nb_row: 3,
      nb_col: 2,
      border_mode: 'same',
      subsample: [2, 1],
      dim_ordering: 'tf',
      bias: true,
      activation: 'relu',
      W_regularizer: null,
    },
    weights: { W: kernel, b: bias },
  };

  it('has Convolution2D with nb_filter, nb_row, nb_col, border_mode and subsample', async () => {
    const expected = tf.relu(
      tf.add(tf.conv2d(image(), tensorOf(kernel) as tf.Tensor4D, [2, 1], 'same'), tensorOf(bias)),
    );
    expectClose(await outputOf(convolution, IMAGE), expected);
  });

  it('is recognized by its options if it does not say its version', async () => {
    const known = await outputOf(convolution, IMAGE);
    expectClose(await outputOf(convolution, IMAGE, ''), known);
  });

  it('has AtrousConvolution2D with atrous_rate', async () => {
    const config = {
      nb_filter: 4,
      nb_row: 3,
      nb_col: 2,
      border_mode: 'valid',
      bias: false,
      atrous_rate: [2, 2],
    };
    const layer = { className: 'AtrousConvolution2D', config, weights: { W: kernel } };
    const expected = tf.conv2d(image(), tensorOf(kernel) as tf.Tensor4D, 1, 'valid', 'NHWC', 2);
    expectClose(await outputOf(layer, IMAGE), expected);
  });

  it('has Deconvolution2D, whose kernel has the input channels before the filters', async () => {
    const config = { nb_filter: 4, nb_row: 3, nb_col: 2, border_mode: 'same', subsample: [2, 2] };
    const layer = (outputShape: (number | null)[]) => ({
      className: 'Deconvolution2D',
      config: { ...config, output_shape: outputShape },
      weights: { W: kernel, b: bias },
    });
    const transposed = tf.transpose(tensorOf(kernel), [0, 1, 3, 2]) as tf.Tensor4D;
    const expected = tf.add(
      tf.conv2dTranspose(image(), transposed, [2, 14, 12, 4], 2, 'same'),
      tensorOf(bias),
    );
    expectClose(await outputOf(layer([null, 14, 12, 4]), IMAGE), expected);
    await expect(outputOf(layer([null, 13, 12, 4]), IMAGE)).rejects.toThrow(
      'with output_shape [null,13,12,4], of which only 14 x 12 is supported',
    );
  });

  it.each([
    ['with an axis of size 1', [3, 1, 2, 4], (w: tf.Tensor) => tf.squeeze(w, [1])],
    [
      'with the filters first, as before Keras 1.2',
      [4, 2, 3, 1],
      (w: tf.Tensor) => tf.transpose(tf.squeeze(w, [3]), [2, 1, 0]),
    ],
  ])('has Convolution1D, its kernel %s', async (_, shape, convert) => {
    const weights = { W: array(shape, 7), b: bias };
    const config = { nb_filter: 4, filter_length: 3, subsample_length: 2, border_mode: 'valid' };
    const output = await outputOf({ className: 'Convolution1D', config, weights }, [9, 2]);
    const w = convert(tensorOf(weights.W)) as tf.Tensor3D;
    expectClose(output, tf.add(tf.conv1d(inputOf([9, 2]) as tf.Tensor3D, w, 2, 'valid'), tensorOf(bias)));
  });

  it('has Dense with output_dim and input_dim', async () => {
    const weights = { W: array([5, 4], 8), b: bias };
    const config = { output_dim: 4, input_dim: 5, activation: 'tanh', batch_input_shape: undefined };
    const output = await outputOf({ className: 'Dense', config, weights }, [5]);
    const x = inputOf([5]) as tf.Tensor2D;
    expectClose(output, tf.tanh(tf.add(tf.matMul(x, tensorOf(weights.W) as tf.Tensor2D), tensorOf(bias))));
  });

  it('has BatchNormalization, whose running_std is the variance', async () => {
    const [gamma, beta, mean] = channels;
    const weights = { gamma, beta, running_mean: mean, running_std: variance };
    const layer = (mode: number) => ({
      className: 'BatchNormalization',
      config: { mode, axis: -1, epsilon: 0.01, momentum: 0.9 },
      weights,
    });
    const expected = tf.batchNorm(
      image(),
      tensorOf(mean) as tf.Tensor1D,
      tensorOf(variance) as tf.Tensor1D,
      tensorOf(beta) as tf.Tensor1D,
      tensorOf(gamma) as tf.Tensor1D,
      0.01,
    );
    expectClose(await outputOf(layer(0), IMAGE), expected);
    await expect(outputOf(layer(2), IMAGE)).rejects.toThrow('with mode 2, which is not supported');
  });

  it.each<[string, string, Json, () => tf.Tensor]>([
    [
      'AveragePooling2D with border_mode',
      'AveragePooling2D',
      { pool_size: [2, 2], strides: [2, 2], border_mode: 'valid', dim_ordering: 'tf' },
      () => tf.avgPool(image(), 2, 2, 'valid'),
    ],
    ['Dropout with p', 'Dropout', { p: 0.5 }, image],
    ['GaussianNoise with sigma', 'GaussianNoise', { sigma: 0.5 }, image],
    [
      'ZeroPadding2D with four numbers',
      'ZeroPadding2D',
      { padding: [1, 0, 2, 3] },
      () =>
        tf.pad(image(), [
          [0, 0],
          [1, 0],
          [2, 3],
          [0, 0],
        ]),
    ],
    [
      'ZeroPadding2D with names',
      'ZeroPadding2D',
      { padding: { top_pad: 1, right_pad: 2 } },
      () =>
        tf.pad(image(), [
          [0, 0],
          [1, 0],
          [0, 2],
          [0, 0],
        ]),
    ],
  ])('has %s', async (_, className, config, expected) => {
    expectClose(await outputOf({ className, config }, IMAGE), expected());
  });

  it.each<[string, Json, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor]>([
    ['sum', {}, tf.add],
    ['mul', {}, tf.mul],
    ['ave', {}, (a, b) => tf.div(tf.add(a, b), 2)],
    ['max', {}, tf.maximum],
    ['concat', { concat_axis: 1 }, (a, b) => tf.concat([a, b], 1)],
    ['dot', { dot_axes: [1, 1] }, (a, b) => tf.sum(tf.mul(a, b), 1, true)],
  ])('has Merge with the mode %s between layers with weights', async (mode, config, merge) => {
    const dense = (name: string) => ({
      class_name: 'Dense',
      name,
      config: { name, output_dim: 4, activation: 'linear', bias: true },
      inbound_nodes: [[['in', 0, 0]]],
    });
    const model = {
      class_name: 'Model',
      config: {
        name: 'm',
        layers: [
          {
            class_name: 'InputLayer',
            name: 'in',
            config: { name: 'in', batch_input_shape: [null, 5] },
            inbound_nodes: [],
          },
          dense('a'),
          dense('b'),
          {
            class_name: 'Merge',
            name: 'merge',
            config: { name: 'merge', mode, mode_type: 'raw', ...config },
            inbound_nodes: [
              [
                ['a', 0, 0],
                ['b', 0, 0],
              ],
            ],
          },
        ],
        input_layers: [['in', 0, 0]],
        output_layers: [['merge', 0, 0]],
      },
    };
    const weights = { a: { W: array([5, 4], 11), b: array([4], 12) }, b: { W: array([5, 4], 13), b: bias } };
    const { model: imported } = await importKeras(layerFile(model, weights, '1.1.1'));
    const x = inputOf([5]) as tf.Tensor2D;
    const [a, b] = [weights.a, weights.b].map(({ W, b: offset }) =>
      tf.add(tf.matMul(x, tensorOf(W) as tf.Tensor2D), tensorOf(offset)),
    );
    expectClose(imported.predict(x) as tf.Tensor, merge(a, b));
    imported.dispose();
  });

  it('is refused with channels first, by its option', async () => {
    const layer = { className: 'MaxPooling2D', config: { pool_size: [2, 2], dim_ordering: 'th' } };
    await expect(outputOf(layer, IMAGE)).rejects.toThrow('with data_format "channels_first"');
  });
});
