import * as tf from '@tensorflow/tfjs';
import { IDENTITY } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { visualizeFeatures } from '../../../src/index.js';
import {
  classNames,
  classObjectives,
  fromZeros,
  linearModel,
  rootMeanSquare,
  weightsOf,
} from '../linear-model.js';

beforeAll(() => tf.setBackend('cpu'));

describe('the optimizers, on a linear model', () => {
  it('ascent moves along the weights of the class, by the step size in levels', async () => {
    const model = linearModel();
    const images = await visualizeFeatures(model, classObjectives, { ...fromZeros, classNames, steps: 7 });
    images.forEach(({ name, pixels, finalValue, initialValue }, unit) => {
      const weights = weightsOf(model, unit);
      const rms = rootMeanSquare(weights);
      pixels.forEach((pixel, i) => expect(pixel).toBeCloseTo((7 * weights[i]) / rms, 4));
      expect(name).toBe(classNames[unit]);
      expect(finalValue - initialValue).toBeCloseTo(7 * rms * 40, 2);
    });
  });

  it('adam moves each pixel by the learning rate in its first step, clipped for the range clip', async () => {
    const model = linearModel();
    const options = { ...fromZeros, steps: 1, optimizer: { kind: 'adam', learningRate: 3 } } as const;
    const [free] = await visualizeFeatures(model, [classObjectives[0]], { ...options, classNames });
    const [clipped] = await visualizeFeatures(model, [classObjectives[0]], {
      ...options,
      classNames,
      range: 'clip',
    });
    weightsOf(model, 0).forEach((weight, i) => {
      expect(free.pixels[i]).toBeCloseTo(3 * Math.sign(weight), 3);
      expect(clipped.pixels[i]).toBeCloseTo(Math.max(0, 3 * Math.sign(weight)), 3);
    });
  });

  it('rmsprop moves by learningRate / sqrt(1 - rho) in its first step', async () => {
    const model = linearModel();
    const optimizer = { kind: 'rmsprop', learningRate: 3, rho: 0.75 } as const;
    const options = { ...fromZeros, classNames, steps: 1, optimizer };
    const [image] = await visualizeFeatures(model, [classObjectives[1]], options);
    weightsOf(model, 1).forEach((weight, i) =>
      expect(Math.abs(image.pixels[i] - 6 * Math.sign(weight))).toBeLessThan(0.01),
    );
  });

  it('a step along Fourier coefficients moves along the weights, filtered twice', async () => {
    const model = linearModel();
    const parametrization = { kind: 'fourier', decay: 0 } as const;
    const [image] = await visualizeFeatures(model, [classObjectives[0]], {
      start: 'gray',
      preprocessing: IDENTITY,
      classNames,
      steps: 1,
      parametrization,
    });
    const weights = weightsOf(model, 0);
    const rms = rootMeanSquare(weights);
    // A step of 0.05 in an orthonormal basis of contrast 1/4, in levels of 0..255.
    image.pixels.forEach((pixel, i) =>
      expect(pixel - 128).toBeCloseTo((255 * 0.05 * 0.25 * weights[i]) / rms, 3),
    );
  });
});
