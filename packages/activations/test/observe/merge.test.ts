import * as tf from '@tensorflow/tfjs';
import { IDENTITY, randomAt, type Images } from '@convlens/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  mergeClassActivations,
  mergeEvaluations,
  mergeGroupActivations,
  mergeMistakes,
  mergeNearestClassMean,
  mergeLayerStatistics,
  mergeStrongestFilters,
  mergeTopActivations,
  observe,
  observeClassActivations,
  observeEvaluation,
  observeGroupActivations,
  observeMistakes,
  observeNearestClassMean,
  observeLayerStatistics,
  observeStrongestFilters,
  observeTopActivations,
  topActivations,
} from '../../src/index.js';

const COUNT = 24;
const CLASSES = ['cat', 'dog', 'frog'];

/** Some images are equal, so that there are ties; pixels are multiples of 1/2, so that there are zeros. */
const random = randomAt(1, 'merge');
const whole = {
  name: 'whole',
  pixels: Float32Array.from({ length: COUNT * 12 }, (_, i) =>
    i >= 20 * 12 ? ((i % 12) % 3) - 1 : Math.round(6 * random() - 3) / 2,
  ),
  labels: Int32Array.from({ length: COUNT }, (_, i) => (i * 7) % 3),
  count: COUNT,
  height: 2,
  width: 2,
  channels: 3,
  classNames: CLASSES,
} satisfies Images;

/** The images at some positions, with their indices. */
const take = (indices: readonly number[]) => ({
  ...whole,
  pixels: Float32Array.from(indices.flatMap((i) => [...whole.pixels.slice(i * 12, i * 12 + 12)])),
  labels: Int32Array.from(indices, (i) => whole.labels[i]),
  count: indices.length,
  indices,
});

let model: tf.LayersModel;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const maps = tf.layers.activation({ name: 'maps', activation: 'linear', inputShape: [2, 2, 3] });
  const mean = tf.layers.globalAveragePooling2d({ name: 'mean' } as never);
  model = tf.sequential({ layers: [maps, mean, tf.layers.softmax()] });
});

const layer = 'maps';
const means = {
  ...{ layer, reduction: 'max' as const, groupNames: CLASSES, counts: [1, 1, 1], channels: 3 },
  ...{ sums: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), sumsOfSquares: new Float64Array(9) },
  ...{ layerSums: new Float64Array(3), layerSumsOfSquares: new Float64Array(3) },
};

const observeAll = (images: Images) =>
  observe(model, images, {
    preprocessing: IDENTITY,
    batchSize: 5,
    observers: [
      observeLayerStatistics({ layer }),
      observeTopActivations({ layer, count: 5 }),
      observeClassActivations({ layer, reduction: 'max' }),
      observeStrongestFilters({ layer, perImage: true }),
      observeGroupActivations({ layer }),
      observeGroupActivations({ layer, groups: 'outcome' }),
      observeNearestClassMean(means),
      observeEvaluation(),
      observeMistakes({ count: 4 }),
    ],
  });

type Results = Awaited<ReturnType<typeof observeAll>>;

const merge = (a: Results, b: Results): Results => [
  mergeLayerStatistics(a[0], b[0]),
  mergeTopActivations(a[1], b[1]),
  mergeClassActivations(a[2], b[2]),
  mergeStrongestFilters(a[3], b[3]),
  mergeGroupActivations(a[4], b[4]),
  mergeGroupActivations(a[5], b[5]),
  mergeNearestClassMean(a[6], b[6]),
  mergeEvaluations(a[7], b[7]),
  mergeMistakes(a[8], b[8]),
];

/** Sums and means must be equal to 1e-12, all other fields exactly. */
const INEXACT = [
  'sum',
  'sumOfSquares',
  'sums',
  'sumsOfSquares',
  'layerSums',
  'layerSumsOfSquares',
  'means',
  'loss',
];

function expectSame(actual: unknown, expected: unknown, key = ''): void {
  if (ArrayBuffer.isView(expected) && !INEXACT.includes(key)) expect(actual, key).toEqual(expected);
  else if (ArrayBuffer.isView(expected) || Array.isArray(expected)) {
    const [a, b] = [actual, expected] as ArrayLike<unknown>[];
    expect(a.length, key).toBe(b.length);
    for (let i = 0; i < b.length; i++) expectSame(a[i], b[i], key);
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual as object).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected))
      expectSame((actual as Record<string, unknown>)[name], value, name);
  } else if (INEXACT.includes(key) && Number.isFinite(expected)) {
    const tolerance = 1e-12 * Math.max(1, Math.abs(expected as number));
    expect(Math.abs((actual as number) - (expected as number)), key).toBeLessThanOrEqual(tolerance);
  } else expect(actual, key).toBe(expected);
}

describe('merged records of parts of an image set', () => {
  it('equal the record of the whole set, for any parts in any order', async () => {
    const expected = await observeAll(whole);
    const partOfImage = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: COUNT, maxLength: COUNT });
    const shuffled = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
    await fc.assert(
      fc.asyncProperty(partOfImage, shuffled, async (partOf, order) => {
        const parts = [];
        for (const part of order)
          parts.push(await observeAll(take([...partOf.keys()].filter((i) => partOf[i] === part))));
        expectSame(parts.reduce(merge), expected);
        expectSame(merge(merge(parts[3], parts[1]), merge(parts[2], parts[0])), expected);
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it('are refused if the layer, the reduction, the limit or the classes differ', async () => {
    const [statistics, top, classes, strongest, groups, outcome, nearest, evaluation, wrong] =
      await observeAll(whole);
    const other = await topActivations(model, whole, { layer, preprocessing: IDENTITY, count: 3 });
    expect(() => mergeTopActivations(top, other)).toThrow(
      'Expected top activations of the same filters, ' +
        'got the top 5 of maps by mean (0,1,2) and the top 3 of maps by mean (0,1,2)',
    );
    expect(() => mergeLayerStatistics(statistics, { ...statistics, layer: 'mean' })).toThrow(
      /maps .* and mean/,
    );
    expect(() => mergeClassActivations(classes, { ...classes, reduction: 'mean' })).toThrow(
      /by max .* by mean/,
    );
    expect(() => mergeStrongestFilters(strongest, { ...strongest, entries: undefined })).toThrow(
      /in both records/,
    );
    expect(() => mergeGroupActivations(groups, outcome)).toThrow(/cat, dog, frog and .* correct, wrong/);
    expect(() => mergeNearestClassMean(nearest, { ...nearest, layer: 'mean' })).toThrow(
      /maps by max and mean/,
    );
    const confusion = { ...evaluation.confusion, classNames: ['cat', 'dog', 'ship'] };
    expect(() => mergeEvaluations(evaluation, { ...evaluation, confusion })).toThrow(
      /frog and cat, dog, ship/,
    );
    expect(() => mergeMistakes(wrong, { ...wrong, limit: 9 })).toThrow(
      /the 4 most confident .* the 9 most confident/,
    );
  });

  it('without a limit keep as many top activations as the longer list', async () => {
    const options = { layer, preprocessing: IDENTITY, count: 3 };
    const all = await topActivations(model, whole, options);
    const halves = [
      await topActivations(model, take([...Array(12).keys()]), options),
      await topActivations(model, take([...Array(12).keys()].map((i) => i + 12)), options),
    ].map((record) => ({ ...record, limit: undefined }));
    expect(mergeTopActivations(halves[0], halves[1]).filters).toEqual(all.filters);
  });
});
