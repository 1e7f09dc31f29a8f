import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { correctGradients, GRADIENTS } from '../src/index.js';
import { useBackend } from './support/expect-gradients.js';

const { kernelName } = GRADIENTS[0];
/** What TensorFlow.js has, before anything is corrected. */
const originals = new Map(GRADIENTS.map((one) => [one.kernelName, tf.getGradient(one.kernelName)]));

beforeAll(() => useBackend('cpu'));

describe('the list of gradients', () => {
  it('names each kernel once', () =>
    expect(new Set(GRADIENTS.map((one) => one.kernelName)).size).toBe(GRADIENTS.length));

  it.each(GRADIENTS.map((one) => [one.kernelName, one.fault] as const))(
    '%s is %s in TensorFlow.js',
    (name, fault) => expect(originals.get(name) === undefined).toBe(fault === 'missing'),
  );

  it('has kernels that exist', () => {
    const known = tf.getKernelsForBackend('cpu').map((kernel) => kernel.kernelName);
    expect(GRADIENTS.map((one) => one.kernelName).filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('correctGradients', () => {
  it('registers every gradient', () => {
    correctGradients();
    for (const one of GRADIENTS)
      expect(tf.getGradient(one.kernelName)).not.toBe(originals.get(one.kernelName));
  });

  it('changes nothing when it is called again, also where the caller registered another gradient since', () => {
    const before = GRADIENTS.map((one) => tf.getGradient(one.kernelName));
    const { call } = tf.serialization.SerializationMap.getMap().classNameMap.Conv2D[0].prototype as never as {
      call: unknown;
    };
    correctGradients();
    expect(GRADIENTS.map((one) => tf.getGradient(one.kernelName))).toEqual(before);
    const { prototype } = tf.serialization.SerializationMap.getMap().classNameMap.Conv2D[0];
    expect((prototype as never as { call: unknown }).call).toBe(call);
    const mine = { kernelName, gradFunc: () => ({}) };
    tf.registerGradient(mine);
    correctGradients();
    expect(tf.getGradient(kernelName)).toBe(mine);
  });

  it('leaves no tensors', () => {
    const run = () =>
      tf.tidy(() => {
        const sum = (x: tf.Tensor) =>
          tf.sum(
            tf.avgPool(
              tf.mirrorPad(
                x as tf.Tensor4D,
                [
                  [0, 0],
                  [1, 1],
                  [1, 1],
                  [0, 0],
                ],
                'reflect',
              ),
              2,
              2,
              'same',
            ),
          );
        return tf.grad(sum)(tf.ones([1, 4, 5, 1])).shape;
      });
    run();
    const { numTensors } = tf.memory();
    run();
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
