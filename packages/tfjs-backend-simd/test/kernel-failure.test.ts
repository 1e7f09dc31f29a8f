import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../src/backend.js';
import { setThreadsCount } from '../src/index.js';

const simd = () => tf.engine().findBackend('simd') as unknown as SimdBackend;

beforeAll(() => tf.setBackend('simd'));
afterAll(() => setThreadsCount(1));

/** A tensor that a kernel fails to compute: `batchNormApply` of no channels divides by 0. */
function failedTensor(): tf.Tensor {
  const backend = simd();
  const info = backend.runWithRollback(() => {
    const y = backend.output([16]);
    backend.threadPool.dispatch('batchNormApply', [y.address, y.address, 16, 0, y.address, 0]);
    return y;
  });
  return tf.engine().makeTensorFromTensorInfo(info);
}

/** Runs a kernel that reads past the end of the memory. */
function readOutside(): void {
  const backend = simd();
  const info = backend.runWithRollback(() => {
    const y = backend.output([4096]);
    backend.threadPool.dispatch('eachNeg', [0x7fffff00, y.address, 4096, 0, 0]);
    return y;
  });
  tf.engine().makeTensorFromTensorInfo(info).dispose();
}

/** The error that `act` throws, or undefined. */
function errorOf(act: () => unknown): Error | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function expectWorking(): void {
  tf.tidy(() => {
    expect([...tf.relu(tf.tensor1d([-1, 2])).dataSync()]).toEqual([0, 2]);
  });
}

/** Large enough for several chunks, so that calls are posted to the workers. */
const large = () => tf.fill([1 << 16], 3);

describe.each([1, 2, 3])('after a kernel has failed on %i threads', (threads) => {
  beforeEach(() => setThreadsCount(threads));

  it('throws its error where the result is read, each time, and nowhere else', () => {
    const before = tf.memory().numTensors;
    const { bytesUsed } = simd().threadPool.memory;
    tf.tidy(() => {
      const kept = tf.relu(large());
      for (let i = 0; i < 20; i++) {
        const others = tf.neg(large());
        const error = errorOf(() => {
          const failed = failedTensor();
          expect(() => failed.dataSync()).toThrow(
            /'batchNormApply' of backend 'simd' failed: divide by zero/,
          );
          failed.dataSync();
        });
        expect(error?.name).toBe('KernelFailure');
        expectWorking();
        expect(others.dataSync()[1000]).toBe(-3);
      }
      expect(kept.dataSync()[65_000]).toBe(3);
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(simd().threadPool.memory.bytesUsed).toBe(bytesUsed);
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['an elementwise kernel', (x) => tf.exp(x)],
    ['two kernels', (x) => tf.sum(tf.square(x))],
    ['a kernel with another input', (x) => tf.add(tf.ones([16]), x)],
    [
      'a convolution that is computed later',
      (x) => tf.conv2d(tf.reshape(x, [1, 4, 4, 1]) as tf.Tensor4D, tf.ones([2, 2, 1, 1]), 1, 'same'),
    ],
    ['a kernel of the cpu backend', (x) => tf.cumsum(x)],
    ['a clone', (x) => tf.clone(x)],
  ])('throws its error where %s has read the result', (_, compute) => {
    tf.tidy(() => {
      const error = errorOf(() => compute(failedTensor()).dataSync());
      expect(error?.message).toMatch(/'batchNormApply' .* failed/);
      expectWorking();
    });
  });

  it('throws its error for a variable that it has changed in place, until the variable is assigned', () => {
    const backend = simd();
    const variable = tf.variable(tf.ones([16]));
    const fail = () =>
      backend.runWithRollback(() => {
        const address = backend.address(variable);
        backend.willWrite(variable);
        backend.threadPool.dispatch('batchNormApply', [address, address, 16, 0, address, 0]);
      });
    errorOf(fail);
    expect(() => variable.dataSync()).toThrow(/'batchNormApply' .* failed/);
    tf.tidy(() => variable.assign(tf.ones([16])));
    expect(variable.dataSync()[3]).toBe(1);
    variable.dispose();
  });

  it('restarts after an access out of bounds: earlier tensors throw, later ones work', () => {
    const { memory } = simd().threadPool;
    const early = tf.relu(large());
    const onHeap = tf.tensor1d([1, 2, 3]);
    errorOf(() => {
      readOutside();
      simd().threadPool.finish();
    });
    expect(simd().threadPool.memory).not.toBe(memory);
    const error = errorOf(() => early.dataSync());
    expect(error?.name).toBe('LostTensor');
    expect(error?.message).toMatch(/lost: backend 'simd' has restarted .*'eachNeg' .*out of bounds/);
    expect(errorOf(() => tf.neg(early))?.name).toBe('LostTensor');
    expectWorking();
    expect([...onHeap.dataSync()]).toEqual([1, 2, 3]);
    tf.dispose([early, onHeap]);
  });

  it('trains a new model after a restart', async () => {
    errorOf(() => {
      readOutside();
      simd().threadPool.finish();
    });
    const { bytesUsed } = simd().threadPool.memory;
    const before = tf.memory().numTensors;
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 16, kernelSize: 3, inputShape: [8, 8, 3], activation: 'relu' }),
        tf.layers.batchNormalization(),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1 }),
      ],
    });
    const optimizer = tf.train.adam(0.01);
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const [x, y] = [tf.randomNormal([16, 8, 8, 3], 0, 1, 'float32', 1), tf.ones([16, 1])];
    const { history } = await model.fit(x, y, { epochs: 8, verbose: 0, shuffle: false });
    expect(Number(history.loss[7])).toBeLessThan(Number(history.loss[0]));
    tf.dispose([x, y]);
    model.dispose();
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(simd().threadPool.memory.bytesUsed).toBe(bytesUsed);
  });
});
