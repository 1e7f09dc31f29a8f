import * as tf from '@tensorflow/tfjs';
import { HISTOGRAM_BINS, histogramBin } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { featureMaps, layerStatistics, mergeLayerStatistics } from '../../src/index.js';
import { part, randomImages, randomize, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const layers = ['norm', 'scores'];

describe('layerStatistics', () => {
  it('computes the statistics of the values that featureMaps returns', async () => {
    const model = sequentialModel();
    const images = randomImages(5);
    const [record] = await layerStatistics(model, images, { layers: ['first-conv'], batchSize: 2 });
    const { values, channels } = await featureMaps(model, images, { layer: 'relu' });
    expect(record).toMatchObject({ layer: 'relu', shape: [8, 8, 4], imageCount: 5 });
    record.channels.forEach((channel, c) => {
      const channelValues = values.filter((_, i) => i % channels === c);
      const histogram = new Float64Array(HISTOGRAM_BINS);
      for (const value of channelValues) histogram[histogramBin(value)]++;
      expect(channel).toMatchObject({
        count: 320,
        min: Math.min(...channelValues),
        max: Math.max(...channelValues),
        zeros: channelValues.filter((value) => value === 0).length,
        nonPositive: channelValues.filter((value) => value <= 0).length,
        histogram,
      });
      expect(channel.sum).toBeCloseTo(
        channelValues.reduce((a, b) => a + b),
        3,
      );
      expect(channel.sumOfSquares).toBeCloseTo(
        channelValues.reduce((a, b) => a + b * b, 0),
        3,
      );
    });
  });

  it('gives a ReLU the same record whether the layer that it reads is observed too or not', async () => {
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

  it('merges the records of two parts of a set to that of the whole', async () => {
    const model = sequentialModel();
    const images = randomImages(7);
    const whole = await layerStatistics(model, images, { layers });
    const [a, b] = [part(images, 0, 3), part(images, 3, 7)];
    const firsts = await layerStatistics(model, a, { layers });
    const seconds = await layerStatistics(model, b, { layers });
    whole.forEach((record, i) => {
      const merged = mergeLayerStatistics(firsts[i], seconds[i]);
      expect(merged.imageCount).toBe(7);
      merged.channels.forEach(({ sum, sumOfSquares, ...rest }, c) => {
        const { sum: wholeSum, sumOfSquares: wholeSquares, ...exact } = record.channels[c];
        expect(rest).toEqual(exact);
        expect(sum).toBeCloseTo(wholeSum, 10);
        expect(sumOfSquares).toBeCloseTo(wholeSquares, 10);
      });
      expect(structuredClone(merged)).toEqual(merged);
    });
    expect(() => mergeLayerStatistics(whole[0], whole[1])).toThrow(
      'Expected statistics of the same layer, got norm (8 x 8 x 4) and scores (3)',
    );
  });
});
