import { IDENTITY } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomizeLayer } from '../src/faithfulness/randomize-layer.js';
import { startImages } from '../src/feature-visualization/start-images.js';
import { smoothGrad, visualizeFeatures } from '../src/index.js';
import { chanceAccuracy } from '../src/input-diagnosis/chance-accuracy.js';
import { tinyImages, tinyModel } from './tiny-model.js';

beforeAll(() => tf.setBackend('cpu'));

const model = tinyModel();
const preprocessing = IDENTITY;
const rounded = (values: Iterable<number>) => Array.from(values, (value) => Number(value.toPrecision(4)));

const start = (options: { seed?: number }) =>
  rounded(startImages(model, { count: 1, classNames: [], ...options }).pixels.slice(0, 4));

/** The values of a step that only the noise of the gradient's place and the transformation determine. */
const smooth = async (options: { seed?: number; indices?: number[] }) => {
  const [heatmap] = await smoothGrad(model, tinyImages, { preprocessing, samples: 2, noise: 1, ...options });
  return rounded(heatmap.values.slice(16, 20));
};

const visualized = async (options: { seed?: number }) => {
  const transformations = [{ kind: 'jitter', pixels: 3 } as const];
  const objectives = [{ kind: 'channel', layer: 'conv', channel: 1 } as const];
  const [{ pixels }] = await visualizeFeatures(model, objectives, {
    preprocessing,
    steps: 3,
    start: 'gray',
    transformations,
    ...options,
  });
  return rounded(pixels.slice(0, 4));
};

const randomized = async (seed: number) => {
  const restore = await randomizeLayer({ layer: model.getLayer('conv'), name: 'conv' }, seed);
  const weights = model.getLayer('conv').getWeights();
  const values = rounded(weights[0].dataSync().slice(0, 4));
  restore();
  return values;
};

/** The orders of the labels that the first two shuffles make. */
const shuffles = () => {
  const orders: string[] = [];
  chanceAccuracy(Int32Array.from([0, 1, 2, 3, 4, 5, 6, 7]), (labels) => orders.push(labels.join('')));
  return orders.slice(0, 2);
};

/** The numbers that a seed and keys determine are part of published results: these do not change. */
const STREAMS: Readonly<Record<string, readonly [actual: () => unknown, expected: unknown]>> = {
  'the start image of an optimization': [() => start({}), [123.8, 147.7, 122.8, 139.7]],
  'the start image of another seed': [() => start({ seed: 3 }), [139.8, 124, 108.6, 120.1]],
  'the noise of smoothGrad': [() => smooth({}), [0.102, 1.26, 0.1181, 0.1283]],
  'the noise of smoothGrad of another seed and image': [
    () => smooth({ seed: 3, indices: [1] }),
    [0.9202, 0.9016, 0.314, 0.2877],
  ],
  'the transformations of an optimization': [() => visualized({}), [126.5, 126.5, 126, 126.1]],
  'the transformations of another seed': [() => visualized({ seed: 3 }), [125.5, 124.7, 126.8, 126.3]],
  'the weights of a randomized layer': [() => randomized(0), [0.5425, 0.1934, 0.2024, -1.037]],
  'the weights of another seed': [() => randomized(3), [0.3165, 0.3476, -0.515, -0.09322]],
  'the shuffled labels of diagnoseInput': [() => shuffles(), ['06354712', '24365107']],
};

describe('the random numbers of a seed', () => {
  it.each(Object.entries(STREAMS))('%s', async (_, [actual, expected]) => {
    expect(await actual()).toEqual(expected);
  });
});
