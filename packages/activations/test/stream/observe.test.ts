import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  classActivations,
  evaluateModel,
  featureMaps,
  kernels,
  layerOutputs,
  layerStatistics,
  observe,
  observeEvaluation,
  observeFeatureMaps,
  observePredictions,
  observeTopActivations,
  predictions,
  topActivations,
  type Observer,
} from '../../src/index.js';
import { nestedModel, part, randomImages, sequentialModel, sharedModel, twoInputModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(7);

describe('observe', () => {
  it('feeds all observers from one run of the model, and returns what each found, in order', async () => {
    const model = sequentialModel();
    const conv = model.getLayer('conv');
    let runs = 0;
    conv.setCallHook(() => void runs++);
    const call = conv.call.bind(conv);
    conv.call = (inputs, kwargs) => (runs++, call(inputs, kwargs));
    const [maps, top, said, evaluation] = await observe(model, images, {
      observers: [
        observeFeatureMaps({ layer: 'conv' }),
        observeTopActivations({ layer: 'relu' }),
        observePredictions(),
        observeEvaluation(),
      ],
      batchSize: 3,
    });
    expect(runs).toBe(3);
    expect(maps).toEqual(await featureMaps(model, images, { layer: 'conv' }));
    expect(top).toEqual(await topActivations(model, images, { layer: 'relu' }));
    expect(said).toEqual(await predictions(model, images));
    expect(evaluation).toEqual(await evaluateModel(model, images));
  });

  it('finds the same in batches of any size', async () => {
    const model = nestedModel();
    const options = { layer: 'features/relu', reduction: 'max' } as const;
    const whole = {
      top: await topActivations(model, images, options),
      classes: await classActivations(model, images, options),
      said: await predictions(model, images),
    };
    for (const batchSize of [1, 2, 5])
      expect({
        top: await topActivations(model, images, { ...options, batchSize }),
        classes: await classActivations(model, images, { ...options, batchSize }),
        said: await predictions(model, images, { batchSize }),
      }).toEqual(whole);
  });

  it('says how far it is', async () => {
    const progress: number[][] = [];
    await predictions(sequentialModel(), images, {
      batchSize: 3,
      onProgress: (...now) => progress.push(now),
    });
    expect(progress).toEqual([
      [3, 7],
      [6, 7],
      [7, 7],
    ]);
  });

  it('runs an observer of your own', async () => {
    const largest: Observer<number> = {
      layers: ['relu'],
      begin() {
        let result = 0;
        return {
          async add({ output }) {
            const peak = tf.max(output('relu'));
            result = Math.max(result, (await peak.data())[0]);
            peak.dispose();
          },
          finish: () => result,
        };
      },
    };
    const [found] = await observe(sequentialModel(), images, { observers: [largest], batchSize: 2 });
    expect(found).toBe(Math.max(...(await featureMaps(sequentialModel(), images, { layer: 'relu' })).values));
  });

  it('stops between two observers of a batch when aborted, and keeps no tensor', async () => {
    const model = sequentialModel();
    const controller = new AbortController();
    const seen: number[] = [];
    const aborting: Observer<void> = {
      layers: ['conv'],
      begin: () => ({ add: () => controller.abort(new Error('enough')), finish: () => {} }),
    };
    const counting: Observer<void> = {
      begin: () => ({ add: ({ start }) => void seen.push(start), finish: () => {} }),
    };
    const before = tf.memory().numTensors;
    const options = { observers: [counting, aborting, counting], batchSize: 2, signal: controller.signal };
    await expect(observe(model, images, options)).rejects.toThrow('enough');
    expect(seen).toEqual([0]);
    expect(tf.memory().numTensors).toBe(before);
    await expect(predictions(model, images, { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('sees an abort that a timer brings', async () => {
    const options = { batchSize: 1, signal: AbortSignal.timeout(0) };
    await expect(predictions(sequentialModel(), randomImages(200), options)).rejects.toThrow(/timeout/);
  });

  it('keeps no tensor, whatever is observed and also if an observer fails', async () => {
    const model = sharedModel();
    const failing: Observer<void> = {
      layers: ['shared:1'],
      begin: () => ({
        add: () => {
          throw new Error('failed');
        },
        finish: () => {},
      }),
    };
    const before = tf.memory().numTensors;
    await featureMaps(model, images);
    await kernels(model);
    await layerStatistics(model, images, { layers: ['merged', 'scores'] });
    await topActivations(model, images, { batchSize: 2 });
    await classActivations(model, images);
    await evaluateModel(model, images);
    await expect(observe(model, images, { observers: [failing] })).rejects.toThrow('failed');
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('featureMaps', () => {
  it('takes the images at some positions and says where they stood', async () => {
    const model = sequentialModel();
    const all = await featureMaps(model, images, { layer: 'pool' });
    const some = await featureMaps(model, images, { layer: 'pool', indices: [5, 0] });
    const size = 4 * 4 * 4;
    expect(some).toMatchObject({
      layer: 'pool',
      count: 2,
      height: 4,
      width: 4,
      channels: 4,
      indices: [5, 0],
    });
    expect(some.values.slice(0, size)).toEqual(all.values.slice(5 * size, 6 * size));
    expect(some.values.slice(size)).toEqual(all.values.slice(0, size));
    expect(structuredClone(some)).toEqual(some);
  });

  it('takes an image as often as it is named, also more images than there are', async () => {
    const indices = [1, 1, 0, 1, 0];
    for (const two of [
      part(images, 0, 2),
      { ...part(images, 0, 2), pixels: Float32Array.from(images.pixels.slice(0, 384)) },
    ]) {
      const all = await featureMaps(sequentialModel(), two, { layer: 'pool' });
      const some = await featureMaps(sequentialModel(), two, { layer: 'pool', indices });
      expect(some.indices).toEqual(indices);
      indices.forEach((index, i) =>
        expect(some.values.slice(i * 64, (i + 1) * 64)).toEqual(
          all.values.slice(index * 64, (index + 1) * 64),
        ),
      );
    }
  });

  it('keeps the places that a batch remembers', async () => {
    const batch = { ...part(images, 2, 4), indices: Uint32Array.of(41, 7) };
    const { indices } = await featureMaps(sequentialModel(), batch);
    expect(indices).toEqual([41, 7]);
    const [first] = await predictions(sequentialModel(), batch);
    expect(first).toMatchObject({ index: 41, label: 2 });
  });

  it('gives the units of a dense layer as channels of a 1 x 1 map', async () => {
    const [conv, scores] = await layerOutputs(sequentialModel(), images, { layers: ['last-conv', 'scores'] });
    expect(conv).toMatchObject({ layer: 'conv2', height: 2, width: 2, channels: 5 });
    expect(scores).toMatchObject({ layer: 'scores', height: 1, width: 1, channels: 3, count: 7 });
    const said = await predictions(sequentialModel(), images);
    expect([...scores.values]).toEqual(said.flatMap(({ probabilities }) => [...probabilities]));
  });
});

describe('kernels', () => {
  it('gives the kernels of a convolution, in the layout of the layer', async () => {
    const model = sequentialModel();
    const bank = await kernels(model);
    const values = model.getLayer('conv').getWeights()[0].dataSync();
    expect(bank).toMatchObject({ layer: 'conv', height: 3, width: 3, inChannels: 3, filters: 4 });
    expect([...bank.values]).toEqual([...values]);
    expect(await kernels(nestedModel(), { layer: 'features/conv' })).toMatchObject({
      layer: 'features/conv',
    });
    expect(await kernels(sharedModel(), { layer: 'last-conv' })).toMatchObject({ layer: 'shared:1' });
  });

  it('gives one filter of one channel for each output of a depthwise convolution', async () => {
    const depthwise = tf.layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, inputShape: [4, 4, 3] });
    const model = tf.sequential({ layers: [depthwise] });
    expect(await kernels(model)).toMatchObject({ inChannels: 1, filters: 6 });
  });

  it('lists the convolutions if the layer is none', async () => {
    await expect(kernels(sequentialModel(), { layer: 'pool' })).rejects.toThrow(
      'Expected layer to be one of the 2D convolutions conv, conv2, got pool',
    );
    const separable = tf.layers.separableConv2d({
      name: 'sep',
      filters: 2,
      kernelSize: 2,
      inputShape: [4, 4, 3],
    });
    await expect(kernels(tf.sequential({ layers: [separable] }))).rejects.toThrow(
      'Expected layer to be one of the 2D convolutions (there are none), got sep',
    );
  });
});

describe('evaluateModel', () => {
  it('counts and scores what predict says', async () => {
    const model = sequentialModel();
    const evaluation = await evaluateModel(model, images, { batchSize: 3 });
    const said = await predictions(model, images);
    const x = tf.tensor4d(
      Float32Array.from(images.pixels, (value) => value / 255),
      [7, 8, 8, 3],
    );
    const expected = (model.predict(x) as tf.Tensor2D).arraySync();
    let loss = 0;
    const counts = new Uint32Array(9);
    said.forEach(({ index, label, predicted, confidence, probabilities }, i) => {
      expect([index, label]).toEqual([i, i % 3]);
      probabilities.forEach((value, c) => expect(value).toBeCloseTo(expected[i][c], 5));
      expect(confidence).toBe(Math.max(...probabilities));
      expect(probabilities[predicted]).toBe(confidence);
      loss -= Math.log(probabilities[i % 3]) / 7;
      counts[(i % 3) * 3 + predicted]++;
    });
    expect(evaluation).toMatchObject({ name: 'noise', count: 7 });
    expect(evaluation.loss).toBeCloseTo(loss, 6);
    expect(evaluation.accuracy).toBe((counts[0] + counts[4] + counts[8]) / 7);
    expect(evaluation.confusion).toEqual({ classNames: ['cat', 'dog', 'frog'], counts });
  });

  it('keeps the logarithm finite: a sure mistake costs that of the smallest number', async () => {
    const flat = tf.layers.flatten({ inputShape: [8, 8, 3] });
    const bias = tf.initializers.zeros();
    const model = tf.sequential({
      layers: [flat, tf.layers.dense({ units: 3, kernelInitializer: 'zeros', biasInitializer: bias })],
    });
    const weights = [tf.zeros([192, 3]), tf.tensor1d([1000, 0, 0])];
    model.setWeights(weights);
    const { loss, accuracy } = await evaluateModel(model, part(images, 1, 2));
    expect(loss).toBeCloseTo(126 * Math.log(2), 6);
    expect(accuracy).toBe(0);
  });

  it('takes the lower class of two that are equally likely', async () => {
    const layers = [
      tf.layers.flatten({ inputShape: [8, 8, 3] }),
      tf.layers.dense({ units: 3, kernelInitializer: 'zeros' }),
    ];
    const said = await predictions(tf.sequential({ layers }), images);
    expect(said.map(({ predicted }) => predicted)).toEqual(new Array(7).fill(0));
  });
});

describe('what does not fit is refused', () => {
  it('images of another size, a model of two images, a wrong batch size', async () => {
    const small = { ...images, pixels: new Uint8Array(7 * 4 * 4 * 3), height: 4, width: 4 };
    await expect(predictions(sequentialModel(), small)).rejects.toThrow(
      'Expected images of 8 x 8 x 3, as the model reads them, got 4 x 4 x 3',
    );
    await expect(predictions(twoInputModel(), images)).rejects.toThrow(
      /Expected a model that reads images only.*got one with 2 inputs: left, right/,
    );
    await expect(predictions(sequentialModel(), images, { batchSize: 0 })).rejects.toThrow(
      'Expected batchSize to be an integer >= 1, got 0',
    );
  });

  it('filters that are not there, an unknown reduction, an unknown layer', async () => {
    const model = sequentialModel();
    await expect(topActivations(model, images, { layer: 'relu', filters: [0, 4] })).rejects.toThrow(
      'Expected filters to be integers from 0 to 3, as layer relu has, got 4',
    );
    await expect(classActivations(model, images, { reduction: 'sum' as never })).rejects.toThrow(
      'Expected reduction to be one of mean, max, got "sum"',
    );
    await expect(featureMaps(model, images, { layer: 'shared' })).rejects.toThrow(
      /Expected layer to be one of conv,/,
    );
    await expect(featureMaps(model, images, { indices: [7] })).rejects.toThrow(
      /Expected indices to be .* from 0 to 6/,
    );
  });

  it('images without labels where labels are needed, a model for other classes', async () => {
    const unlabelled = { ...images, labels: undefined };
    for (const method of [classActivations, evaluateModel])
      await expect(method(sequentialModel(), unlabelled)).rejects.toThrow(
        'Expected images with labels, got "noise" without any',
      );
    const more = { ...images, classNames: [...images.classNames, 'ship'] };
    await expect(evaluateModel(sequentialModel(), more)).rejects.toThrow(
      'Expected a model for the 4 classes of the images, got one for 3',
    );
  });
});
