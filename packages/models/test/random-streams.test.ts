import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { initializerSeed, mnistSmall, seededDropout } from '../src/index.js';

const mask = (options: { seed?: number }, [epoch, step] = [0, 0]) => {
  const layer = seededDropout({ rate: 0.5, name: 'drop', ...options });
  layer.setStep(epoch, step);
  return tf.tidy(() => (layer.apply(tf.ones([1, 24]), { training: true }) as tf.Tensor).dataSync().join(''));
};
const firstWeights = (options: { seed?: number }) => {
  const model = mnistSmall(options);
  const values = [...model.getWeights()[0].dataSync().slice(0, 3)].map((value) => Number(value.toFixed(6)));
  model.dispose();
  return values;
};

/** The numbers that a seed and keys determine are part of every saved run: these do not change. */
const STREAMS: Readonly<Record<string, readonly [actual: () => unknown, expected: unknown]>> = {
  'the mask of seededDropout': [() => mask({}), '002020002000202020022000'],
  'the mask of seededDropout of another seed, epoch and step': [
    () => mask({ seed: 3 }, [2, 5]),
    '220020000020022002022020',
  ],
  'the seed of an initializer': [() => initializerSeed(0, 'conv1'), 427809413],
  'the seed of an initializer of another seed and layer': [() => initializerSeed(3, 'dense'), 257681585],
  'the initial weights of a model': [() => firstWeights({}), [0.002574, 0.131581, -0.071676]],
  'the initial weights of a model of another seed': [
    () => firstWeights({ seed: 3 }),
    [-0.120293, 0.134514, -0.118276],
  ],
};

describe('the random numbers of a seed', () => {
  it.each(Object.entries(STREAMS))('%s', (_, [actual, expected]) => {
    expect(actual()).toEqual(expected);
  });

  it('are those of seed 0 where none is given', () => {
    expect(mask({})).toBe(mask({ seed: 0 }));
    expect(firstWeights({})).toEqual(firstWeights({ seed: 0 }));
  });
});
