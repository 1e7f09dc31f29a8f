import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import '../src/index.js';

const random = (shape: number[], seed = 1) => tf.randomNormal(shape, 0, 1, 'float32', seed);

/** The values of `graph` on each backend. */
async function onBoth(graph: () => tf.Tensor): Promise<{ ours: number[]; theirs: number[] }> {
  const run = () => tf.tidy(() => [...graph().dataSync()]);
  await tf.setBackend('cpu');
  const theirs = run();
  await tf.setBackend('simd');
  return { ours: run(), theirs };
}

afterAll(() => tf.setBackend('cpu'));

describe('kernels larger than the image', () => {
  it('make no results, in training as on the cpu backend', async () => {
    const train = async () => {
      const model = tf.sequential();
      model.add(tf.layers.conv2d({ inputShape: [3, 3, 2], filters: 3, kernelSize: 4, activation: 'relu' }));
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const shape = [2, ...(model.outputs[0].shape.slice(1) as number[])];
      try {
        const loss = await model.trainOnBatch(random([2, 3, 3, 2]), tf.zeros(shape));
        return [loss, model.predict(random([2, 3, 3, 2])).toString()];
      } catch (error) {
        return (error as Error).message;
      } finally {
        model.dispose();
      }
    };
    await tf.setBackend('cpu');
    const expected = await train();
    await tf.setBackend('simd');
    expect(await train()).toEqual(expected);
  });

  it.each(['conv2d', 'depthwiseConv2d'] as const)('are no undefined values, by two: %s', async (op) => {
    const graph = () => {
      const y = tf[op](
        random([2, 3, 3, 4]) as tf.Tensor4D,
        random([5, 5, 4, 1], 2) as tf.Tensor4D,
        1,
        'valid',
      );
      return tf.tensor1d([...y.shape, ...y.dataSync()]);
    };
    // What the memory holds may be anything.
    await tf.setBackend('simd');
    tf.tidy(() => Array.from({ length: 50 }, () => tf.relu(tf.fill([2], 7))));
    const { ours, theirs } = await onBoth(graph);
    expect(ours).toEqual(theirs);
  });

  it('are refused by pooling, as on the cpu backend', async () => {
    for (const backend of ['cpu', 'simd']) {
      await tf.setBackend(backend);
      const x = tf.ones([1, 1, 1, 4]) as tf.Tensor4D;
      for (const pool of [tf.maxPool, tf.avgPool])
        expect(() => pool(x, [4, 4], [1, 2], 'valid')).toThrow(/positive integers/);
    }
  });
});

describe('gradients', () => {
  it('of the gradient of a ReLU are found', async () => {
    const penalty = (x: tf.Tensor) => {
      const f = (x: tf.Tensor) => tf.sum(tf.mul(tf.relu(x), tf.tensor1d([1, 2, 3, 4])));
      return tf.sum(tf.square(tf.grad(f)(x)));
    };
    const { ours, theirs } = await onBoth(() => tf.grad(penalty)(tf.tensor1d([-1, 2, -3, 4])));
    expect(ours).toEqual(theirs);
    expect(ours).toEqual([0, 0, 0, 0]);
  });

  it('of another shape than the variable are taken by an optimizer as on the cpu backend', async () => {
    const step = (shape: number[]) => () => {
      const variable = tf.variable(tf.ones([2, 3]));
      const optimizer = tf.train.sgd(1);
      optimizer.applyGradients({ [variable.name]: tf.ones(shape) as tf.Variable });
      return variable;
    };
    const { ours, theirs } = await onBoth(step([1]));
    expect(ours).toEqual(theirs);
    expect(ours).toEqual([0, 0, 0, 0, 0, 0]);
    for (const backend of ['cpu', 'simd']) {
      await tf.setBackend(backend);
      expect(step([3, 2])).toThrow(/broadcast/);
    }
  });
});

describe('work that waits for other work', () => {
  const STEPS = 3000;

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['convolutions', (x) => tf.conv2d(x as tf.Tensor4D, tf.ones([1, 1, 1, 1]), 1, 'same')],
    ['batch norms', (x) => tf.batchNorm(x, tf.zeros([1]), tf.ones([1]), undefined, undefined, 0)],
  ])('may be as long a row as one likes: %s', async (_, apply) => {
    await tf.setBackend('simd');
    const before = tf.memory();
    let x = tf.ones([1, 2, 2, 1]);
    for (let i = 0; i < STEPS; i++) {
      const y = tf.tidy(() => apply(x));
      x.dispose();
      x = y;
    }
    expect([...x.dataSync()]).toEqual([1, 1, 1, 1]);
    x.dispose();
    expect(tf.memory()).toEqual(before);
  });
});
