import * as tf from '@tensorflow/tfjs';
import { beforeAll } from 'vitest';
import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';
import { randomImages, sequentialModel } from './models.js';

beforeAll(() => tf.setBackend('cpu'));

const LAYER = { layer: 'relu', reduction: 'mean', classNames: ['a', 'b'], counts: [1, 1] };
const SUMS = new Float64Array(2);

await describeWrongUse(import.meta.url, {
  samples: {
    'tf.LayersModel': sequentialModel(),
    Images: randomImages(2),
    GroupActivations: {
      ...LAYER,
      groupNames: ['a', 'b'],
      channels: 1,
      sums: SUMS,
      sumsOfSquares: SUMS,
      layerSums: SUMS,
      layerSumsOfSquares: SUMS,
    },
    LayerStatistics: { layer: 'relu', shape: [1], imageCount: 1, channels: [{ count: 1 }] },
    TopActivations: { ...LAYER, filters: [] },
    ClassActivations: { ...LAYER, filters: [0], means: SUMS },
    StrongestFilters: { ...LAYER, imageCount: 1, counts: Uint32Array.of(1) },
    NearestClassMean: { ...LAYER, count: 1, correct: 1, accuracy: 1 },
    ConfusionMatrix: { classNames: ['a'], counts: Uint32Array.of(1) },
    Evaluation: {
      name: 'test',
      count: 1,
      loss: 1,
      accuracy: 1,
      confusion: { classNames: ['a'], counts: Uint32Array.of(1) },
    },
    Mistakes: { name: 'test', classNames: ['a'], count: 1, wrong: 0, limit: 1, entries: [] },
    Attribution: { values: new Float32Array(1), channels: 1, height: 1, width: 1 },
    'method: SanityCheckMethod': () => Promise.resolve([]),
  },
});
