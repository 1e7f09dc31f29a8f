import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  featureMaps,
  gradCam,
  integratedGradients,
  occlusion,
  predictions,
  saliency,
  topActivations,
} from '../../src/index.js';
import { randomImages, sequentialModel, twoInputModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(2);

describe('a model with two inputs', () => {
  const right = {
    values: Float32Array.from(randomImages(2, 5).pixels, (value) => value / 255),
    shape: [2, 8, 8, 3],
  };

  /**
   * The branch of the left input. Its logits differ from those of the whole model by the contribution of the
   * right image.
   */
  function leftModel(both: tf.LayersModel): tf.LayersModel {
    const left = tf.sequential({
      layers: [
        tf.layers.conv2d({
          name: 'conv0',
          filters: 2,
          kernelSize: 3,
          activation: 'relu',
          inputShape: [8, 8, 3],
        }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3 }),
      ],
    });
    tf.tidy(() => {
      const [kernel, bias] = both.getLayer('scores').getWeights();
      const leftKernel = tf.reshape(tf.slice(tf.reshape(kernel, [36, 4, 3]), [0, 0, 0], [36, 2, 3]), [72, 3]);
      left.setWeights([...both.getLayer('conv0').getWeights(), leftKernel, bias]);
    });
    return left;
  }

  it('is explained with respect to the input that reads the images', async () => {
    const both = twoInputModel();
    const left = leftModel(both);
    for (const [method, parameters] of [
      [saliency, {}],
      [integratedGradients, { steps: 4 }],
      [occlusion, { size: 4 }],
    ] as const) {
      const expected = await method(left, images, { target: 1, ...parameters } as object);
      for (const batchSize of [1, 32]) {
        const options = { target: 1, ...parameters, batchSize, inputs: { right } };
        const heatmaps = await method(both, images, options as object);
        heatmaps.forEach(({ values }, i) =>
          values.forEach((value, j) => expect(value).toBeCloseTo(expected[i].values[j], 4)),
        );
      }
    }
    const [map] = await gradCam(both, images, { target: 1, layer: 'conv0', inputs: { right } });
    const [same] = await gradCam(left, images, { target: 1, layer: 'conv0' });
    map.values.forEach((value, j) => expect(value).toBeCloseTo(same.values[j], 4));
  });

  it('takes one row of another input for all images, and requires every other input', async () => {
    const both = twoInputModel();
    const size = 8 * 8 * 3;
    const one = { values: right.values.slice(0, size), shape: [1, 8, 8, 3] };
    const twice = { values: Float32Array.of(...one.values, ...one.values), shape: [2, 8, 8, 3] };
    const options = { target: 1, score: 'probability' } as const;
    expect(await saliency(both, images, { ...options, inputs: { right: one } })).toEqual(
      await saliency(both, images, { ...options, inputs: { right: twice } }),
    );
    await expect(saliency(both, images, { inputs: { middle: one } })).rejects.toThrow(
      'Expected the name in inputs to be one of left, right, got "middle"',
    );
    await expect(
      saliency(both, images, { inputs: { right: { ...one, shape: [1, 8, 8, 1] } } }),
    ).rejects.toThrow(
      'Expected inputs.right to be 2 (or 1) x 8 x 8 x 3 values, got 192 of shape 1 x 8 x 8 x 1',
    );
  });

  it('reads each value of the other input once, whatever the batch size', async () => {
    let reads = 0;
    const values = new Proxy([...right.values], {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads++;
        return target[key as never];
      },
    });
    const expected = await predictions(twoInputModel(), images, { inputs: { right } });
    const inputs = { right: { ...right, values } };
    expect(await predictions(twoInputModel(), images, { inputs, batchSize: 1 })).toEqual(expected);
    expect(reads).toBe(right.values.length);
  });

  it('has layers that do not depend on the images and cannot be explained', async () => {
    const both = twoInputModel();
    const options = { inputs: { right } };
    const before = tf.memory().numTensors;
    await expect(topActivations(both, images, { ...options, layer: 'conv1', count: 1 })).rejects.toThrow(
      'Expected a layer that depends on the images, got conv1, which depends on other inputs only',
    );
    await expect(
      saliency(both, images, { ...options, target: { layer: 'conv1', channel: 0 } }),
    ).rejects.toThrow(
      /^Expected a layer that depends on the images, got conv1, channel 0 \(mean\), which depends on other/,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the option indices', () => {
  const three = randomImages(3);
  const set = { ...three, indices: [10, 11, 12] };

  it('selects images by position, in its order; records hold their indices in the set', async () => {
    const model = sequentialModel();
    const all = await predictions(model, set);
    expect(await predictions(model, set, { indices: [2, 0, 2] })).toEqual([all[2], all[0], all[2]]);
    expect(all[2].index).toBe(12);
    expect(await predictions(model, set, { indices: Uint32Array.of(1) })).toEqual([all[1]]);
    expect(await predictions(model, set, { indices: [] })).toEqual([]);
  });

  it('selects the rows of other inputs with the images', async () => {
    const model = twoInputModel();
    const values = Float32Array.from(randomImages(3, 5).pixels, (value) => value / 255);
    const inputs = { right: { values, shape: [3, 8, 8, 3] } };
    const all = await featureMaps(model, three, { layer: 'joined', inputs });
    const selected = await featureMaps(model, three, { layer: 'joined', inputs, indices: [1] });
    const size = all.values.length / 3;
    expect(selected.values).toEqual(all.values.slice(size, 2 * size));
    const short = { right: { values: values.slice(192), shape: [2, 8, 8, 3] } };
    await expect(featureMaps(model, three, { layer: 'joined', inputs: short, indices: [1] })).rejects.toThrow(
      'Expected inputs.right to have 3 rows, or 1, got 2',
    );
  });

  it('refuses positions without an image', async () => {
    await expect(saliency(sequentialModel(), three, { indices: [0, 3] })).rejects.toThrow(
      'Expected indices[1] to be an integer from 0 to 2, got 3',
    );
    await expect(saliency(sequentialModel(), three, { indices: 1 as never })).rejects.toThrow(
      'Expected indices to be a list of positions, got 1',
    );
  });
});
