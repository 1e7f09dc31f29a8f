import * as tf from '@tensorflow/tfjs';
import type { ClassActivations } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { classActivations, classSelectivity } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

/** One column per filter, one row per class. */
const classMeans = (...rows: number[][]): ClassActivations => ({
  layer: 'relu',
  reduction: 'mean',
  classNames: rows.map((_, label) => `class ${label}`),
  counts: rows.map(([first]) => (first === first ? 1 : 0)),
  filters: rows[0].map((_, f) => 10 + f),
  means: Float64Array.from(rows.flat()),
});

describe('classSelectivity', () => {
  it('is 1 for a filter that activates on one class only, 0 for one that activates on all or none', () => {
    const { filters } = classSelectivity(classMeans([0, 2, 0], [3, 2, 0], [0, 2, 0]));
    expect(filters).toEqual([
      { filter: 10, selectivity: 1, classIndex: 1, mean: 3, restMean: 0 },
      { filter: 11, selectivity: 0, classIndex: 0, mean: 2, restMean: 2 },
      { filter: 12, selectivity: 0, classIndex: 0, mean: 0, restMean: 0 },
    ]);
  });

  it('compares the highest class mean with the mean of the others', () => {
    const [{ selectivity, restMean }] = classSelectivity(classMeans([6], [1], [3])).filters;
    expect(restMean).toBe(2);
    expect(selectivity).toBe((6 - 2) / (6 + 2));
  });

  it('leaves out classes without images, and is NaN for a single class or a negative mean', () => {
    const [some, negative] = classSelectivity(classMeans([NaN, NaN], [6, 1], [2, -1])).filters;
    expect(some).toMatchObject({ selectivity: 0.5, classIndex: 1, restMean: 2 });
    expect(negative).toMatchObject({ selectivity: NaN, classIndex: 1, mean: 1, restMean: -1 });
    expect(classSelectivity(classMeans([NaN], [6])).filters[0].selectivity).toBe(NaN);
    expect(classSelectivity(classMeans([NaN], [NaN])).filters[0]).toMatchObject({
      classIndex: -1,
      mean: NaN,
    });
  });

  it('reads the record of classActivations', async () => {
    const record = await classActivations(sequentialModel(), randomImages(9), { layer: 'relu' });
    const { layer, classNames, filters } = classSelectivity(record);
    expect([layer, classNames, filters.length]).toEqual(['relu', ['cat', 'dog', 'frog'], 4]);
    for (const { selectivity, filter, classIndex, mean } of filters) {
      expect(mean).toBe(record.means[classIndex * 4 + filter]);
      expect(selectivity).toBeGreaterThanOrEqual(0);
      expect(selectivity).toBeLessThan(1);
    }
  });
});
