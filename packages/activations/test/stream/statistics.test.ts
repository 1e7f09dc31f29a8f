import * as tf from '@tensorflow/tfjs';
import { HISTOGRAM_BINS, HISTOGRAM_ERROR, histogramBin } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeStatistics, featureMaps, layerStatistics, mergeStatistics } from '../../src/index.js';
import { part, randomImages, randomize, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const layers = ['norm', 'scores'];

describe('layerStatistics', () => {
  it('counts what featureMaps shows', async () => {
    const model = sequentialModel();
    const images = randomImages(5);
    const [record] = await layerStatistics(model, images, { layers: ['first-conv'], batchSize: 2 });
    const { values, channels } = await featureMaps(model, images, { layer: 'relu' });
    expect(record).toMatchObject({ layer: 'relu', shape: [8, 8, 4], images: 5 });
    record.channels.forEach((channel, c) => {
      const own = values.filter((_, i) => i % channels === c);
      const histogram = new Float64Array(HISTOGRAM_BINS);
      for (const value of own) histogram[histogramBin(value)]++;
      expect(channel).toMatchObject({
        count: 320,
        min: Math.min(...own),
        max: Math.max(...own),
        zeros: own.filter((value) => value === 0).length,
        nonPositive: own.filter((value) => value <= 0).length,
        histogram,
      });
      expect(channel.sum).toBeCloseTo(
        own.reduce((a, b) => a + b),
        3,
      );
      expect(channel.sumOfSquares).toBeCloseTo(
        own.reduce((a, b) => a + b * b, 0),
        3,
      );
    });
  });

  it('tells of a ReLU the same beside the layer that it reads, whose counts serve both, as alone', async () => {
    const model = randomize(
      tf.sequential({
        layers: [
          tf.layers.conv2d({ name: 'conv', filters: 5, kernelSize: 3, inputShape: [8, 8, 3] }),
          tf.layers.reLU({ name: 'relu' }),
          tf.layers.activation({ name: 'again', activation: 'relu' }),
          tf.layers.reLU({ name: 'capped', maxValue: 0.5 }),
          tf.layers.leakyReLU({ name: 'leaky' }),
          tf.layers.activation({ name: 'elu', activation: 'elu' }),
        ],
      }),
    );
    const images = randomImages(5);
    const names = ['conv', 'relu', 'again', 'capped', 'leaky', 'elu'];
    const alone = await Promise.all(
      names.map(async (name) => (await layerStatistics(model, images, { layers: [name], batchSize: 2 }))[0]),
    );
    for (const order of [names, [...names].reverse(), ['relu', 'conv', 'relu', 'last-conv', 'conv']]) {
      const together = await layerStatistics(model, images, { layers: order, batchSize: 2 });
      expect(together.map(({ layer }) => layer)).toEqual(
        order.map((name) => name.replace('last-conv', 'relu')),
      );
      for (const record of together) expect(record).toEqual(alone[names.indexOf(record.layer)]);
    }
  });

  it('makes records of two parts of a set that add up to that of the whole', async () => {
    const model = sequentialModel();
    const images = randomImages(7);
    const whole = await layerStatistics(model, images, { layers });
    const [a, b] = [part(images, 0, 3), part(images, 3, 7)];
    const firsts = await layerStatistics(model, a, { layers });
    const seconds = await layerStatistics(model, b, { layers });
    whole.forEach((record, i) => {
      const merged = mergeStatistics(firsts[i], seconds[i]);
      expect(merged.images).toBe(7);
      merged.channels.forEach(({ sum, sumOfSquares, ...rest }, c) => {
        const { sum: wholeSum, sumOfSquares: wholeSquares, ...exact } = record.channels[c];
        expect(rest).toEqual(exact);
        expect(sum).toBeCloseTo(wholeSum, 10);
        expect(sumOfSquares).toBeCloseTo(wholeSquares, 10);
      });
      expect(structuredClone(merged)).toEqual(merged);
    });
    expect(() => mergeStatistics(whole[0], whole[1])).toThrow(
      'Expected statistics of the same layer, got norm (8 x 8 x 4) and scores (3)',
    );
  });
});

describe('describeStatistics', () => {
  it('tells quantiles to within 1/32, the ends exactly', async () => {
    const model = sequentialModel();
    const images = randomImages(20);
    const [record] = await layerStatistics(model, images, { layers: ['conv'] });
    const { values } = await featureMaps(model, images, { layer: 'conv' });
    const sorted = [...values].sort((a, b) => a - b);
    const { quantile } = describeStatistics(record);
    expect(quantile(0)).toBe(sorted[0]);
    expect(quantile(1)).toBe(sorted.at(-1));
    for (const p of [0.01, 0.1, 0.25, 0.75, 0.9, 0.99]) {
      const expected = sorted[Math.ceil(p * sorted.length) - 1];
      expect(Math.abs(quantile(p) / expected - 1)).toBeLessThanOrEqual(HISTOGRAM_ERROR);
    }
  });

  it('says 0 for a quantile among zeros', async () => {
    const [record] = await layerStatistics(sequentialModel(), randomImages(5), { layers: ['relu'] });
    const { quantile, zeroShare } = describeStatistics(record);
    expect(zeroShare).toBeGreaterThan(0.2);
    expect(quantile(0.1)).toBe(0);
    expect(() => quantile(2)).toThrow('Expected p to be a number from 0 to 1, got 2');
  });

  it('refuses a channel that is not there', async () => {
    const [record] = await layerStatistics(sequentialModel(), randomImages(1), { layers: ['scores'] });
    expect(() => describeStatistics(record, { channel: 3 })).toThrow(
      /Expected channel to be .* from 0 to 2, got 3/,
    );
  });
});
