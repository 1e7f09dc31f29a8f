import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { seededDropout } from '../../src/index.js';

const ones = () => tf.ones([10, 1000]);
const training = (layer: tf.layers.Layer) =>
  tf.tidy(() => [...(layer.apply(ones(), { training: true }) as tf.Tensor).dataSync()]);

describe('seededDropout', () => {
  it('sets a fraction of the values to 0 and scales the others, so that the mean stays', () => {
    const values = training(seededDropout({ rate: 0.25, name: 'drop' }));
    const dropped = values.filter((value) => value === 0).length / values.length;
    expect(Math.abs(dropped - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / values.length));
    expect(new Set(values)).toEqual(new Set([0, Math.fround(4 / 3)]));
  });

  it('has the mask of its epoch and step, whatever masks came before', () => {
    const layer = seededDropout({ rate: 0.5, seed: 1, name: 'drop' });
    const maskAt = (epoch: number, step: number) => {
      layer.setStep(epoch, step);
      return training(layer).join('');
    };
    const mask = maskAt(2, 3);
    expect(maskAt(2, 4)).not.toBe(mask);
    expect(maskAt(3, 3)).not.toBe(mask);
    expect(maskAt(2, 3)).toBe(mask);
    const other = seededDropout({ rate: 0.5, seed: 1, name: 'drop2' });
    other.setStep(2, 3);
    expect(training(other).join('')).not.toBe(mask);
  });

  it('has another mask in every step, also without setStep', () => {
    const layer = seededDropout({ rate: 0.5, name: 'drop' });
    expect(training(layer)).not.toEqual(training(layer));
  });

  it('is the identity in inference', () => {
    const layer = seededDropout({ rate: 0.5, name: 'drop' });
    const smallest = tf.tidy(() => (layer.apply(ones()) as tf.Tensor).min().dataSync()[0]);
    expect(smallest).toBe(1);
  });

  it('is saved as a Dropout of TensorFlow.js', () => {
    const layer = seededDropout({ rate: 0.5, name: 'drop' });
    expect(layer.getClassName()).toBe('Dropout');
    expect(layer.getConfig()).toMatchObject({ name: 'drop', rate: 0.5 });
  });
});
