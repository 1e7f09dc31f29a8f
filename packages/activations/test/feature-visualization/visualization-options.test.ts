import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { visualizeFeatures, type VisualizeFeaturesOptions } from '../../src/index.js';
import { sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const refuse = (options: object, message: string) =>
  expect(
    visualizeFeatures(
      sequentialModel(),
      [{ kind: 'channel', layer: 'relu', channel: 0 }],
      options as VisualizeFeaturesOptions,
    ),
  ).rejects.toThrow(message);

describe('the options of visualizeFeatures', () => {
  it.each<[string, object]>([
    ['Expected the kind of a transformation to be one of jitter', { transformations: [{ kind: 'shift' }] }],
    ['Expected blur.size to be odd, got 4', { regularizers: [{ kind: 'blur', size: 4 }] }],
    ['Expected optimizer to be one of ascent, adam, rmsprop', { optimizer: { kind: 'sgd' } }],
    ['Expected each of frames to be an integer from 0 to 100, got 101', { frames: [101] }],
    ['Expected start to be one of zeros, gray, noise, got "black"', { start: 'black' }],
  ])('are refused out of range: %s', async (message, options) => {
    await refuse(options, message);
  });

  it.each<[string, object]>([
    ['of the scale transformation, got "by"', { transformations: [{ kind: 'scale', by: 0.1 }] }],
    ['of the adam optimizer, got "rate"', { optimizer: { kind: 'adam', rate: 3 } }],
    ['of the lp penalty, got "q"', { regularizers: [{ kind: 'lp', p: 2, weight: 1, q: 1 }] }],
    [
      'of the blur correction, got "evry"; did you mean every?',
      { regularizers: [{ kind: 'blur', size: 3, evry: 2 }] },
    ],
    [
      'of the fourier parametrization, got "colros"; did you mean colors?',
      { parametrization: { kind: 'fourier', colros: 'plain' } },
    ],
  ])('are refused with an unknown name inside: %s', async (message, options) => {
    await refuse(options, message);
  });
});
