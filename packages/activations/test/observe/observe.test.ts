import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  classActivations,
  evaluateModel,
  featureMaps,
  kernels,
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
import { nestedModel, randomImages, sequentialModel, sharedModel, twoInputModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(7);

describe('observe', () => {
  it('runs the model once for all observers, and returns their results in order', async () => {
    const model = sequentialModel();
    const conv = model.getLayer('conv');
    let runs = 0;
    conv.setCallHook(() => void runs++);
    const call = conv.call.bind(conv);
    conv.call = (inputs, kwargs) => (runs++, call(inputs, kwargs));
    const [maps, top, predicted, evaluation] = await observe(model, images, {
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
    expect(predicted).toEqual(await predictions(model, images));
    expect(evaluation).toEqual(await evaluateModel(model, images));
  });

  it('has the same results for any batch size', async () => {
    const model = nestedModel();
    const options = { layer: 'features/relu', reduction: 'max' } as const;
    const whole = {
      top: await topActivations(model, images, options),
      classes: await classActivations(model, images, options),
      predicted: await predictions(model, images),
    };
    for (const batchSize of [1, 2, 5])
      expect({
        top: await topActivations(model, images, { ...options, batchSize }),
        classes: await classActivations(model, images, { ...options, batchSize }),
        predicted: await predictions(model, images, { batchSize }),
      }).toEqual(whole);
  });

  it('reports progress after each batch', async () => {
    const progress: number[][] = [];
    await predictions(sequentialModel(), images, {
      batchSize: 3,
      onProgress: (...counts) => progress.push(counts),
    });
    expect(progress).toEqual([
      [3, 7],
      [6, 7],
      [7, 7],
    ]);
  });

  it('runs an observer that a user wrote', async () => {
    const largest: Observer<number> = {
      layers: ['relu'],
      begin() {
        let result = 0;
        return {
          async add({ output }) {
            const maximum = tf.max(output('relu'));
            result = Math.max(result, (await maximum.data())[0]);
            maximum.dispose();
          },
          finish: () => result,
        };
      },
    };
    const [result] = await observe(sequentialModel(), images, { observers: [largest], batchSize: 2 });
    const { values } = await featureMaps(sequentialModel(), images, { layer: 'relu' });
    expect(result).toBe(Math.max(...values));
  });

  it('stops between two observers of a batch when aborted, and keeps no tensor', async () => {
    const model = sequentialModel();
    const controller = new AbortController();
    const starts: number[] = [];
    const aborting: Observer<void> = {
      layers: ['conv'],
      begin: () => ({ add: () => controller.abort(new Error('enough')), finish: () => {} }),
    };
    const counting: Observer<void> = {
      begin: () => ({ add: ({ start }) => void starts.push(start), finish: () => {} }),
    };
    const before = tf.memory().numTensors;
    const options = { observers: [counting, aborting, counting], batchSize: 2, signal: controller.signal };
    await expect(observe(model, images, options)).rejects.toThrow('enough');
    expect(starts).toEqual([0]);
    expect(tf.memory().numTensors).toBe(before);
    await expect(predictions(model, images, { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('stops when a timer aborts', async () => {
    const options = { batchSize: 1, signal: AbortSignal.timeout(0) };
    await expect(predictions(sequentialModel(), randomImages(200), options)).rejects.toThrow(/timeout/);
  });

  it('keeps no tensor, whatever is observed, nor if an observer fails', async () => {
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

  it('refuses images of another size, a model with two image inputs, and a batch size of 0', async () => {
    const small = { ...images, pixels: new Uint8Array(7 * 4 * 4 * 3), height: 4, width: 4 };
    await expect(predictions(sequentialModel(), small)).rejects.toThrow(
      'Expected images of 8 x 8 x 3, the input size of the model, got 4 x 4 x 3',
    );
    await expect(predictions(twoInputModel(), images)).rejects.toThrow(/2 inputs: left, right/);
    await expect(predictions(sequentialModel(), images, { batchSize: 0 })).rejects.toThrow(
      'Expected batchSize to be an integer >= 1, got 0',
    );
  });

  it('refuses a layer that does not exist', async () => {
    await expect(featureMaps(sequentialModel(), images, { layer: 'shared' })).rejects.toThrow(
      /Expected layer to be one of conv,/,
    );
  });
});
