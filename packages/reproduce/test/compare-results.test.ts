import type { EpochRecord } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { compareResults, type ReportedResult, type ReproducedRun } from '../src/index.js';

const record = (epoch: number, learningRate: number): EpochRecord => ({
  epoch,
  learningRate,
  loss: 2 - epoch / 10,
  accuracy: 0.4 + epoch / 100,
  valLoss: 1.5 + epoch / 10,
  valAccuracy: 0.5,
  seconds: 1,
  metrics: {},
});
const history = [1e-3, 1e-3, 5e-4, 5e-4, 2.5e-4].map((learningRate, epoch) => record(epoch, learningRate));
const run: ReproducedRun = {
  history,
  tables: [
    { columns: ['class', 'mean'], rows: [['relu1', '7']] },
    {
      columns: ['layer', 'mean', 'zero'],
      rows: [
        ['relu1', '0.412', '38.2%'],
        ['relu2', '−0.1', '0%'],
      ],
    },
  ],
  testTimeAccuracies: { flips: 0.8612 },
  summary: {
    model: 'my-model',
    parameters: 816_938,
    classNames: [],
    epochs: 5,
    epochsPlanned: 5,
    best: history[0],
    seconds: 5,
    test: { name: 'test', count: 10_000, loss: 0.43711, accuracy: 0.8529, confusion: [] },
  },
};
const row = (measure: ReportedResult['measure'], reported?: string) =>
  compareResults([{ name: 'it', reported, measure }], run).rows[0].slice(1);

describe('compareResults', () => {
  it.each<[ReportedResult['measure'], string | undefined, (string | number)[]]>([
    ['test accuracy', '84.98%', ['84.98%', '85.29%', '+0.31 points']],
    ['test accuracy', '86%', ['86%', '85.29%', '−0.7 points']],
    ['test accuracy', 'about 63%', ['about 63%', '85.29%', '+22.3 points']],
    ['test accuracy', undefined, ['not reported', '85.29%', '']],
    ['test loss', '0.979', ['0.979', '0.4371', '−0.542']],
    ['test loss', '0.4371', ['0.4371', '0.4371', 'the same']],
    ['parameters', '816,938', ['816,938', '816,938', 'the same']],
    ['parameters', '815,530', ['815,530', '816,938', '+1,408']],
    ['best epoch', '48', ['48', '1', '−47']],
    ['lowest validation loss', '0.741', ['0.741', '1.5000', '+0.759']],
    ['learning-rate cuts', '23, 30, 43', ['23, 30, 43', '2, 4', '']],
    [{ testTimeAugmentation: 'flips' }, '86%', ['86%', '86.12%', '+0.1 points']],
    [{ testTimeAugmentation: 'flips-and-shifts' }, '86%', ['86%', 'not reached', '']],
    [{ epoch: 1, metric: 'accuracy' }, '45.1%', ['45.1%', '40.00%', '−5.1 points']],
    [{ epoch: 'last', metric: 'valLoss' }, '1.05', ['1.05', '1.9000', '+0.85']],
    [{ epoch: 20, metric: 'loss' }, '0.24', ['0.24', 'not reached', '']],
    [{ layer: 'relu1', statistic: 'zero' }, '41.6%', ['41.6%', '38.2%', '−3.4 points']],
    [{ layer: 'relu2', statistic: 'mean' }, '0.4621', ['0.4621', '−0.1', '−0.6']],
    [{ layer: 'relu9', statistic: 'mean' }, '0.4621', ['0.4621', 'not reached', '']],
  ])('compares %j with %j', (measure, reported, cells) => {
    expect(row(measure, reported)).toEqual(cells);
  });
});
