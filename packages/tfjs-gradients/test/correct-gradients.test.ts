import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { correctGradients, GRADIENTS, registerGradient } from '../src/index.js';
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
    tf.registerGradient(before[0]);
  });

  describe('after another copy of TensorFlow.js was loaded', () => {
    const require = createRequire(import.meta.url);
    const requireOfTensorFlow = createRequire(require.resolve('@tensorflow/tfjs'));

    /** Loads a package of TensorFlow.js once more. */
    function loadCopy(name: string): void {
      const file = requireOfTensorFlow.resolve(name);
      const cached = require.cache[file];
      delete require.cache[file];
      require(file);
      require.cache[file] = cached;
    }
    /** The windows of 2x2 hold 4, 2, 2 and 1 values; TensorFlow.js divides by 4 in each. */
    const poolingGradient = () =>
      tf.tidy(() =>
        Array.from(
          tf
            .grad((x) => tf.sum(tf.avgPool(x as tf.Tensor4D, 2, 2, 'same')))(tf.ones([1, 3, 3, 1]))
            .dataSync(),
        ),
      );
    const corrected = [1 / 4, 1 / 4, 1 / 2, 1 / 4, 1 / 4, 1 / 2, 1 / 2, 1 / 2, 1];

    it.each(['@tensorflow/tfjs-layers', '@tensorflow/tfjs'])(
      'computes the corrected gradients, of a copy of %s',
      (name) => {
        correctGradients();
        const { gradFunc } = tf.getGradient('AvgPool');
        expect(poolingGradient()).toEqual(corrected);
        loadCopy(name);
        expect(tf.getGradient('AvgPool').gradFunc, 'the copy replaces gradients').not.toBe(gradFunc);
        expect(poolingGradient()).toEqual(corrected);
        expect(tf.getGradient('AvgPool').gradFunc).toBe(gradFunc);
      },
    );

    it('leaves out a gradient that the caller has removed, and restores the others', () => {
      correctGradients();
      const [pool, pad] = ['AvgPool', 'MirrorPad'].map((kernel) => tf.getGradient(kernel));
      tf.unregisterGradient('AvgPool');
      tf.grad((x) => tf.sum(x))(tf.ones([1]));
      loadCopy('@tensorflow/tfjs-layers');
      tf.grad((x) => tf.sum(x))(tf.ones([1]));
      expect(tf.getGradient('MirrorPad')).toBe(pad);
      registerGradient(pool);
      expect(poolingGradient()).toEqual(corrected);
    });

    it('gives the corrected gradient to a caller that wraps what is registered', () => {
      correctGradients();
      loadCopy('@tensorflow/tfjs-layers');
      correctGradients();
      const wrapped = tf.getGradient('AvgPool');
      registerGradient({ ...wrapped, gradFunc: (...args) => wrapped.gradFunc(...args) });
      expect(poolingGradient()).toEqual(corrected);
      registerGradient(wrapped);
    });

    it('computes the gradient that the caller registered, by either function, before the copy', () => {
      correctGradients();
      const before = tf.getGradient('AvgPool');
      const gradients = [tf.registerGradient, registerGradient].map((register) => {
        register({ ...before, gradFunc: (_, [x]) => ({ x: () => tf.fill(x.shape, 7) }) });
        poolingGradient();
        loadCopy('@tensorflow/tfjs-layers');
        return poolingGradient();
      });
      expect(gradients).toEqual([Array(9).fill(7), Array(9).fill(7)]);
      registerGradient(before);
    });
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

  it('gives empty tensors empty gradients', () => {
    const indices = tf.tensor1d([], 'int32');
    const operations: [shape: number[], operation: (x: tf.Tensor) => tf.Tensor][] = [
      [[0, 5, 5, 2], (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'same')],
      [[1, 5, 5, 0], (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'same')],
      [[0, 3, 4, 1], (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [6, 6], false, true)],
      [[0, 7, 7, 2], (x) => tf.conv2d(x as tf.Tensor4D, tf.ones([2, 2, 2, 1]), 1, 'same', 'NHWC', 2)],
      [
        [0, 7, 7, 2],
        (x) => tf.depthwiseConv2d(x as tf.Tensor4D, tf.ones([2, 2, 2, 1]), 1, 'same', 'NHWC', 2),
      ],
      [[0, 3], (x) => tf.tile(x, [2, 2])],
      [[0, 3], (x) => tf.max(x, 1)],
      [[3, 0], (x) => tf.cumprod(x, 1)],
      [[4, 3], (x) => tf.gather(x, indices)],
      [[0, 3], (x) => tf.maximum(x, tf.ones([3]))],
      [[0], (x) => tf.pow(x, 2)],
      [[5, 4], (x) => tf.stridedSlice(x, [3, 0], [3, 4], [1, 2])],
    ];
    tf.tidy(() => {
      for (const [shape, operation] of operations) {
        const gradient = tf.grad((x) => tf.sum(operation(x as tf.Tensor)))(tf.zeros(shape));
        expect(gradient.shape).toEqual(shape);
        expect(
          [...gradient.dataSync()].filter((value) => value !== 0),
          `${shape}`,
        ).toEqual([]);
      }
    });
  });
});
