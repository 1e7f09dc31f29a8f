import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import '../../src/index.js';
import { onBoth } from '../support/on-both.js';

const random = (shape: number[], seed = 1) => tf.randomNormal(shape, 0, 1, 'float32', seed);

afterAll(() => tf.setBackend('cpu'));

describe('filters larger than the image', () => {
  it('give an empty result in training, as on the cpu backend; the mean of no losses is NaN, as in TensorFlow', async () => {
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
    const [, prediction] = await train();
    await tf.setBackend('simd');
    expect(await train()).toEqual([NaN, prediction]);
  });

  it.each(['conv2d', 'depthwiseConv2d'] as const)(
    'give no uninitialized values, two pixels larger: %s',
    async (op) => {
      const graph = () => {
        const y = tf[op](
          random([2, 3, 3, 4]) as tf.Tensor4D,
          random([5, 5, 4, 1], 2) as tf.Tensor4D,
          1,
          'valid',
        );
        return tf.tensor1d([...y.shape, ...y.dataSync()]);
      };
      // Fills free blocks of the memory with other values.
      await tf.setBackend('simd');
      tf.tidy(() => Array.from({ length: 50 }, () => tf.relu(tf.fill([2], 7))));
      const { simd, cpu } = await onBoth(graph);
      expect(simd).toEqual(cpu);
    },
  );
});

describe('pooling windows larger than the image', () => {
  it('are refused, as on the cpu backend', async () => {
    for (const backend of ['cpu', 'simd']) {
      await tf.setBackend(backend);
      const x = tf.ones([1, 1, 1, 4]) as tf.Tensor4D;
      for (const pool of [tf.maxPool, tf.avgPool])
        expect(() => pool(x, [4, 4], [1, 2], 'valid')).toThrow(/positive integers/);
    }
  });
});
