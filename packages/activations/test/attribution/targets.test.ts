import * as tf from '@tensorflow/tfjs';
import { IDENTITY, type Images } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  attributions,
  featureMaps,
  gradCam,
  integratedGradients,
  layerGradients,
  occlusion,
  predictions,
  saliency,
  topActivations,
  type Target,
} from '../../src/index.js';
import { randomImages, sequentialModel, twoInputModel } from '../models.js';
import { asIs, linearImage, linearModel } from '../tiny-model.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(2);
const model = () => sequentialModel();

/** d f / d one pixel of the first image, by central differences. */
async function slopeOf(f: (images: Images) => Promise<number>, pixel: number): Promise<number> {
  const step = 0.5;
  const at = (by: number) => {
    const pixels = Float32Array.from(images.pixels);
    pixels[pixel] += by;
    return f({ ...images, pixels });
  };
  return ((await at(step)) - (await at(-step))) / (2 * (step / 255));
}

describe('a target', () => {
  it.each([
    [
      'the mean of a channel',
      'norm',
      { layer: 'norm', channel: 2 },
      (own: number[]) => own.reduce((a, b) => a + b) / own.length,
    ],
    [
      'the largest value of a channel',
      'norm',
      { layer: 'norm', channel: 2, reduction: 'max' },
      (own: number[]) => Math.max(...own),
    ],
    ['a neuron of maps', 'norm', { layer: 'norm', neuron: [3, 4, 2] }, (own: number[]) => own[3 * 8 + 4]],
  ] as [string, string, Target, (own: number[]) => number][])(
    'can be %s, with its gradient',
    async (_, layer, target, reduce) => {
      const network = model();
      const score = async (given: Images) => {
        const { values, channels } = await featureMaps(network, given, { layer });
        return reduce([...values.slice(0, 64 * channels)].filter((__, i) => i % channels === 2));
      };
      const [{ values, classIndex, target: name }] = await attributions(network, images, { target });
      expect(classIndex).toBe(-1);
      expect(name).toMatch(/^norm, (channel 2|neuron 3, 4, 2)/);
      const largest = Math.max(...values.map(Math.abs));
      const peak = values.findIndex((value) => Math.abs(value) === largest);
      for (const pixel of [0, 100, peak])
        expect(Math.abs(values[pixel] - (await slopeOf(score, pixel)))).toBeLessThan(5e-3 * largest);
    },
  );

  it('can be a unit of a dense layer, by channel or by neuron', async () => {
    const network = model();
    const options = { score: 'logit' } as const;
    const byUnit = await saliency(network, images, { ...options, target: { layer: 'scores', channel: 1 } });
    expect(byUnit[0].target).toBe('scores, channel 1');
    const byNeuron = await saliency(network, images, { target: { layer: 'scores', neuron: [1] } });
    expect(byNeuron[0].values).toEqual(byUnit[0].values);
    // The layer puts out probabilities: its softmax is part of it.
    const byClass = await saliency(network, images, { target: 1, score: 'probability' });
    byUnit[0].values.forEach((value, i) => expect(value).toBeCloseTo(byClass[0].values[i], 5));
  });

  it('can be a function of the scores, which are logits unless probabilities are asked for', async () => {
    const weights = [
      [1, 2],
      [-3, 4],
      [5, -6],
      [7, 8],
      [-9, 1],
      [2, -3],
    ];
    const image = linearImage([1, 2, 3, 4, 5, 6]);
    const margin = (scores: tf.Tensor2D) =>
      tf
        .sub(tf.slice(scores, [0, 0], [-1, 1]), tf.slice(scores, [0, 1], [-1, 1]))
        .reshape([-1]) as tf.Tensor1D;
    const network = linearModel(weights, { activation: 'softmax' });
    const [found] = await attributions(network, image, { ...asIs, target: margin });
    expect([...found.values]).toEqual(weights.map(([a, b]) => a - b));
    expect(found).toMatchObject({ classIndex: -1, target: 'margin' });
    const total = (scores: tf.Tensor2D) => tf.sum(scores, 1) as tf.Tensor1D;
    const [sum] = await attributions(network, image, { ...asIs, target: total, score: 'probability' });
    sum.values.forEach((value) => expect(value).toBeCloseTo(0, 5));
  });

  it('can be a class for each image', async () => {
    const network = model();
    const both = await saliency(network, images, { target: [2, 0], batchSize: 1 });
    expect(both.map(({ classIndex }) => classIndex)).toEqual([2, 0]);
    expect(both[1].values).toEqual((await saliency(network, images, { target: 0 }))[1].values);
  });

  it('serves every method: class maps, integrals, occlusion', async () => {
    const network = model();
    const target = { layer: 'conv2', channel: 0, reduction: 'max' } as const;
    const [map] = await gradCam(network, images, { target, layer: 'relu' });
    expect(map).toMatchObject({ classIndex: -1, target: 'conv2, channel 0 (max)', layer: 'relu' });
    const scoreOf = async (given: Images) => {
      const { values } = await featureMaps(network, given, { layer: 'conv2', indices: [0] });
      return Math.max(...values.filter((_, i) => i % 5 === 0));
    };
    const black = { ...images, pixels: new Uint8Array(images.pixels.length) };
    const rise = (await scoreOf(images)) - (await scoreOf(black));
    const [integral] = await integratedGradients(network, images, { target, steps: 200 });
    expect(integral.values.reduce((a, b) => a + b)).toBeCloseTo(rise, 2);
    const [hidden] = await occlusion(network, images, { target, size: 8, fill: 0, resize: false });
    expect(hidden.values[0]).toBeCloseTo(rise, 4);
  });

  it.each([
    [{ layer: 'conv9', channel: 0 }, /Expected layer to be one of conv, norm, .*, got "conv9"/],
    [
      { layer: 'norm', channel: 4 },
      'Expected target.channel of layer norm to be an integer from 0 to 3, got 4',
    ],
    [{ layer: 'norm', channel: 0, reduction: 'sum' }, 'Expected reduction to be one of mean, max, got "sum"'],
    [
      { layer: 'norm', neuron: [8, 0, 0] },
      'Expected target.neuron to be a place in the 8 x 8 x 4 of layer norm, got 8,0,0',
    ],
    [
      { layer: 'scores', neuron: [0, 0] },
      'Expected target.neuron to be a place in the 3 of layer scores, got 0,0',
    ],
    [[0], 'Expected target to hold 2 classes, one an image, got 1'],
    [[0, 3], 'Expected target[1] to be an integer from 0 to 2, got 3'],
    [
      (scores: tf.Tensor2D) => tf.sum(scores),
      'Expected target to make one number an image (shape [2]) of the scores, got shape []',
    ],
    [
      { channel: 1 },
      'Expected target to be a class, { layer, channel }, { layer, neuron } or a function, got [object Object]',
    ],
  ])('that does not exist is refused: %j', async (target, message) => {
    const before = tf.memory().numTensors;
    const network = model();
    await expect(saliency(network, images, { target: target as never })).rejects.toThrow(message);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('must come after the layer whose maps are weighed', async () => {
    await expect(
      gradCam(model(), images, { layer: 'conv2', target: { layer: 'relu', channel: 0 } }),
    ).rejects.toThrow(
      'Expected layer to come before what is explained, got conv2, which does not lead to relu, channel 0 (mean)',
    );
  });
});

describe('layerGradients', () => {
  it('is the weights of a linear layer behind it', async () => {
    const weights = [
      [1, 2],
      [-3, 4],
      [5, -6],
      [7, 8],
      [-9, 1],
      [2, -3],
    ];
    const network = linearModel(weights);
    const [flat] = network.layers;
    const found = await layerGradients(network, linearImage([1, 2, 3, 4, 5, 6]), {
      ...asIs,
      layer: flat.name,
      target: 'no',
    });
    expect(found).toMatchObject({
      layer: flat.name,
      classIndices: [1],
      indices: [0],
      count: 1,
      height: 1,
      width: 1,
      channels: 6,
    });
    expect([...found.values]).toEqual(weights.map(([, b]) => b));
    expect(structuredClone(found)).toEqual(found);
  });

  it('is refused at a softmax for logits, which are computed before it, but not for probabilities', async () => {
    const network = model();
    await expect(layerGradients(network, images, { layer: 'scores', target: 1 })).rejects.toThrow(
      'Expected layer to come before what is explained, got scores, which does not lead to the logits',
    );
    const options = { layer: 'scores', target: 1, score: 'probability' } as const;
    const { values } = await layerGradients(network, images, options);
    expect([...values]).toEqual([0, 1, 0, 0, 1, 0]);
  });
});

describe('a model of two inputs', () => {
  const right = {
    values: Float32Array.from(randomImages(2, 5).pixels, (value) => value / 255),
    shape: [2, 8, 8, 3],
  };

  /** The left half alone: its logits differ from those of both by what the right image adds. */
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
      const own = tf.reshape(tf.slice(tf.reshape(kernel, [36, 4, 3]), [0, 0, 0], [36, 2, 3]), [72, 3]);
      left.setWeights([...both.getLayer('conv0').getWeights(), own, bias]);
    });
    return left;
  }

  it('is explained at the input that the images go to, the other given', async () => {
    const both = twoInputModel();
    const left = leftModel(both);
    for (const method of [saliency, integratedGradients, occlusion]) {
      const expected = await method(left, images, { target: 1, steps: 4, size: 4 } as object);
      for (const batchSize of [1, 32]) {
        const found = await method(both, images, {
          target: 1,
          steps: 4,
          size: 4,
          batchSize,
          inputs: { right },
        } as object);
        found.forEach(({ values }, i) =>
          values.forEach((value, j) => expect(value).toBeCloseTo(expected[i].values[j], 4)),
        );
      }
    }
    const [map] = await gradCam(both, images, { target: 1, layer: 'conv0', inputs: { right } });
    const [same] = await gradCam(left, images, { target: 1, layer: 'conv0' });
    map.values.forEach((value, j) => expect(value).toBeCloseTo(same.values[j], 4));
  });

  it('takes one row of another input for all images, and needs every other input', async () => {
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

  it('reads each number of the other input once, however the images are cut into batches', async () => {
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

  it('has layers that see no image: their top images have no place in it, and nothing speaks for them', async () => {
    const both = twoInputModel();
    const options = { inputs: { right } };
    const { filters } = await topActivations(both, images, { ...options, layer: 'conv1', count: 1 });
    expect(filters[0].entries[0].field).toEqual({ top: 0, left: 0, height: 0, width: 0 });
    const before = tf.memory().numTensors;
    await expect(
      saliency(both, images, { ...options, target: { layer: 'conv1', channel: 0 } }),
    ).rejects.toThrow(
      'Expected a layer that sees the images, got conv1, channel 0 (mean), which sees other inputs only',
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('a weight that is not a number is named', async () => {
  const network = model();
  const before = tf.memory().numTensors;
  const layer = network.getLayer('conv2');
  tf.tidy(() =>
    layer.setWeights(layer.getWeights().map((weight, i) => (i === 0 ? tf.mul(weight, NaN) : weight))),
  );
  await expect(gradCam(network, images, { preprocessing: IDENTITY })).rejects.toThrow(
    'Expected finite weights, got NaN in conv2/kernel (3 x 3 x 4 x 5): did the training diverge?',
  );
  expect(tf.memory().numTensors).toBe(before);
});
