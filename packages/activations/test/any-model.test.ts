import * as tf from '@tensorflow/tfjs';
import { IDENTITY, randomAt, type Images } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  classActivations,
  featureMaps,
  groupActivations,
  layerStatistics,
  mistakes,
  predictions,
  similarFilters,
  strongestFilters,
  topActivations,
  type InferenceOptions,
} from '../src/index.js';
import { goldenImages, goldenModel } from './golden-model.js';
import { nestedModel, randomImages, sequentialModel, sharedModel, twoInputModel } from './models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(7);

/** All records of one layer, without its name. */
async function recordsOf(
  model: tf.LayersModel,
  layer: string,
  { set = images, ...options }: { set?: Images } & InferenceOptions = {},
) {
  const all = { layer, reduction: 'max' as const, ...options };
  const records = [
    await layerStatistics(model, set, { layers: [layer], ...options }),
    await topActivations(model, set, all),
    await classActivations(model, set, all),
    await strongestFilters(model, set, { ...all, perImage: true }),
    await groupActivations(model, set, { layers: [layer], ...options }),
  ].flat();
  return records.map(({ layer: _, ...record }) => record);
}

/** A Keras model in the format of tensorflowjs_converter, with the option names of Keras. */
async function convertedModel(weights: tf.Tensor[]): Promise<tf.LayersModel> {
  const keras = { dtype: 'float32', trainable: true };
  const node = (from: string) => [[[from, 0, 0, {}]]];
  const layer = (class_name: string, config: { name: string }, from?: string) => ({
    class_name,
    config: { ...keras, ...config },
    name: config.name,
    inbound_nodes: from ? node(from) : [],
  });
  const input = { name: 'input_1', batch_input_shape: [null, 8, 8, 3], sparse: false, ragged: false };
  const kernel = {
    ...{
      kernel_size: [3, 3],
      strides: [1, 1],
      data_format: 'channels_last',
      dilation_rate: [1, 1],
      groups: 1,
    },
    ...{ use_bias: true, kernel_initializer: { class_name: 'GlorotUniform', config: { seed: null } } },
  };
  const norm = { name: 'norm', axis: [3], momentum: 0.99, epsilon: 0.001, center: true, scale: true };
  const layers = [
    layer('InputLayer', input),
    layer(
      'Conv2D',
      { name: 'conv', filters: 4, padding: 'same', activation: 'linear', ...kernel } as never,
      'input_1',
    ),
    layer('BatchNormalization', norm, 'conv'),
    layer('ReLU', { name: 'relu', max_value: null, negative_slope: 0, threshold: 0 } as never, 'norm'),
    layer('Dropout', { name: 'dropout', rate: 0.5, noise_shape: null, seed: null } as never, 'relu'),
    layer(
      'MaxPooling2D',
      {
        name: 'pool',
        pool_size: [2, 2],
        strides: [2, 2],
        padding: 'valid',
        data_format: 'channels_last',
      } as never,
      'dropout',
    ),
    layer(
      'Conv2D',
      { name: 'conv2', filters: 5, padding: 'valid', activation: 'relu', ...kernel } as never,
      'pool',
    ),
    layer('Flatten', { name: 'flatten', data_format: 'channels_last' } as never, 'conv2'),
    layer('Dense', { name: 'scores', units: 3, activation: 'softmax', use_bias: true } as never, 'flatten'),
  ];
  const config = {
    name: 'model',
    layers,
    input_layers: [['input_1', 0, 0]],
    output_layers: [['scores', 0, 0]],
  };
  const names = [
    'conv/kernel',
    'conv/bias',
    'norm/gamma',
    'norm/beta',
    'conv2/kernel',
    'conv2/bias',
    'scores/kernel',
    'scores/bias',
  ];
  const moving = ['norm/moving_mean', 'norm/moving_variance'];
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: {
        keras_version: '2.15.0',
        backend: 'tensorflow',
        model_config: { class_name: 'Functional', config },
      },
      weightSpecs: [...names, ...moving].map((name, i) => ({
        name,
        shape: weights[i].shape,
        dtype: 'float32' as const,
      })),
      weightData: Float32Array.from(weights.flatMap((weight) => [...weight.dataSync()])).buffer,
    }),
  );
}

describe('the records of a layer are the same', () => {
  it('in a nested model, functional or Sequential', async () => {
    const expected = await recordsOf(sequentialModel(), 'relu');
    expect(await recordsOf(nestedModel(), 'features/relu')).toEqual(expected);
    expect(await recordsOf(nestedModel({ begins: true }), 'features/relu')).toEqual(expected);
  });

  it('in a model of tensorflowjs_converter', async () => {
    const model = await convertedModel(sequentialModel().weights.map((weight) => weight.read()));
    for (const layer of ['relu', 'last-conv', 'scores'])
      expect(await recordsOf(model, layer)).toEqual(await recordsOf(sequentialModel(), layer));
    expect(await mistakes(model, images)).toEqual(await mistakes(sequentialModel(), images));
    const similar = { layer: 'last-conv' };
    expect(await similarFilters(model, images, similar)).toEqual(
      await similarFilters(sequentialModel(), images, similar),
    );
  });

  it('in a residual network with rectifiers as layers or as activation functions', async () => {
    const set = { ...goldenImages, labels: Int32Array.of(3, 7) };
    const options = { set, preprocessing: IDENTITY };
    for (const [outside, inside] of [
      ['relu1', 'conv1'],
      ['res_add', 'res_add'],
      ['softmax', 'logits'],
    ])
      expect(await recordsOf(goldenModel({ inside: true }), inside, options)).toEqual(
        await recordsOf(goldenModel(), outside, options),
      );
  });

  it('for a branch of a model with two inputs that depends on one of them', async () => {
    const two = twoInputModel();
    const alone = tf.sequential({
      layers: [
        tf.layers.conv2d({
          name: 'conv',
          filters: 2,
          kernelSize: 3,
          activation: 'relu',
          inputShape: [8, 8, 3],
        }),
      ],
    });
    alone.setWeights(two.getLayer('conv0').getWeights());
    const expected = await recordsOf(alone, 'conv');
    const values = Float32Array.from({ length: 192 }, (_, i) => Math.sin(i));
    const right = { values, shape: [1, 8, 8, 3] };
    expect(await recordsOf(two, 'conv0', { inputs: { right } })).toEqual(expected);
    // The outputs of both branches are those of predict.
    const results = await predictions(two, images, { inputs: { right } });
    const x = tf.tensor4d(
      Float32Array.from(images.pixels, (value) => value / 255),
      [7, 8, 8, 3],
    );
    const other = tf.tile(tf.tensor4d(values, [1, 8, 8, 3]), [7, 1, 1, 1]);
    const scores = (tf.softmax(two.predict([x, other]) as tf.Tensor2D) as tf.Tensor2D).arraySync();
    results.forEach(({ probabilities }, i) =>
      probabilities.forEach((value, c) => expect(value).toBeCloseTo(scores[i][c], 5)),
    );
    // The option indices selects the rows of the other input too.
    const rows = Float32Array.from({ length: 7 * 192 }, (_, i) => Math.cos(i));
    const each = { inputs: { right: { values: rows, shape: [7, 8, 8, 3] } }, layer: 'joined' };
    const maps = await featureMaps(two, images, each);
    const fourth = maps.values.slice(3 * 144, 4 * 144);
    expect((await featureMaps(two, images, { ...each, indices: [3] })).values).toEqual(fourth);
  });

  it('for no two uses of a shared layer: they differ by their position in the model', async () => {
    const [once] = await layerStatistics(sharedModel(), images, { layers: ['shared:0'] });
    const [twice] = await layerStatistics(sharedModel(), images, { layers: ['shared:1'] });
    expect(once.channels[0].sum).not.toBeCloseTo(twice.channels[0].sum, 1);
    expect(once.channels[0].count).toBe(twice.channels[0].count);
  });
});

describe('images of any size', () => {
  it.each([1, 2, 3, 4])(
    'with %i channels give the feature maps of a convolution written out',
    async (channels) => {
      const model = tf.sequential({
        layers: [
          tf.layers.conv2d({
            ...{ name: 'conv', filters: 2, kernelSize: 2, useBias: false, kernelInitializer: 'ones' },
            inputShape: [null, null, channels] as never,
          }),
        ],
      });
      for (const [height, width] of [
        [2, 2],
        [5, 3],
      ]) {
        const random = randomAt(1, channels, height);
        const pixels = Float32Array.from({ length: height * width * channels }, () =>
          Math.round(255 * random()),
        );
        const one: Images = { name: 'one', pixels, count: 1, height, width, channels, classNames: [] };
        const { values, ...size } = await featureMaps(model, one, { layer: 'conv', preprocessing: IDENTITY });
        expect(size).toMatchObject({ height: height - 1, width: width - 1, channels: 2 });
        for (let row = 0; row < height - 1; row++)
          for (let column = 0; column < width - 1; column++) {
            let sum = 0;
            for (const [dy, dx] of [
              [0, 0],
              [0, 1],
              [1, 0],
              [1, 1],
            ])
              for (let c = 0; c < channels; c++)
                sum += pixels[((row + dy) * width + column + dx) * channels + c];
            expect(values[(row * (width - 1) + column) * 2]).toBe(sum);
          }
      }
    },
  );
});
