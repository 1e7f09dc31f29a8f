import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setThreadsCount } from '../../src/index.js';
import { relativeError } from '../support/expect-close.js';

/*
 * Optimizers and batch norm change variables in place. The cpu backend, which never does, is the reference: a
 * tensor keeps its values whatever happens to a variable that shares them.
 */

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

/** The program agrees with that on the cpu backend. */
async function expectSameOnSimd(program: () => tf.Tensor[], tolerance = 1e-4): Promise<void> {
  const run = () => tf.tidy(() => program().map((tensor) => tensor.dataSync<'float32'>()));
  await tf.setBackend('cpu');
  const expected = run();
  await tf.setBackend('simd');
  run().forEach((values, i) =>
    expect(relativeError(values, expected[i]), `tensor ${i}`).toBeLessThan(tolerance),
  );
}

/** A convolution by each algorithm. */
const CONVOLUTIONS: Record<string, () => tf.Tensor4D> = {
  "Winograd's algorithm": () =>
    tf.conv2d(random([2, 6, 6, 16], 1) as tf.Tensor4D, random([3, 3, 16, 16], 2) as tf.Tensor4D, 1, 'same'),
  'direct convolution': () =>
    tf.conv2d(random([2, 7, 5, 3], 1) as tf.Tensor4D, random([3, 3, 3, 5], 2) as tf.Tensor4D, 2, 'same'),
};

const normalize = (x: tf.Tensor) => {
  const channels = x.shape[3]!;
  const [mean, beta, gamma] = [3, 4, 5].map((seed) => random([channels], seed) as tf.Tensor1D);
  return tf.batchNorm(x, mean, tf.abs(random([channels], 6)) as tf.Tensor1D, beta, gamma);
};

/** The deferred results of the operations after a convolution `y`, in order. */
const CHAINS: Record<string, (y: tf.Tensor) => tf.Tensor[]> = {
  ReLU: (y) => [y, tf.relu(y)],
  ReLU6: (y) => [y, tf.relu6(y)],
  'batch norm': (y) => [y, normalize(y)],
  'batch norm and ReLU': (y) => {
    const z = normalize(y);
    return [y, z, tf.relu(z)];
  },
  'batch norm, ReLU6 and a second reader': (y) => {
    const z = normalize(y);
    return [y, z, tf.relu6(z), tf.relu(y)];
  },
};

/** Variables that share the values of a tensor. */
const VARIABLES: Record<string, (x: tf.Tensor) => tf.Variable> = {
  'made of it': (x) => tf.variable(x),
  'assigned from it': (x) => {
    const variable = tf.variable(tf.zeros(x.shape));
    variable.assign(x);
    return variable;
  },
  'made of a clone of a reshaped tensor': (x) => tf.tidy(() => tf.variable(tf.clone(tf.reshape(x, [-1])))),
};

const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(1),
  momentum: () => tf.train.momentum(1, 0.9),
  adam: () => tf.train.adam(1),
  rmsprop: () => tf.train.rmsprop(1),
};

/** Two steps: the first may give the variable a copy, the second changes it in place. */
function change(variable: tf.Variable, optimizer: tf.Optimizer): void {
  for (let step = 0; step < 2; step++)
    optimizer.minimize(() => tf.sum(tf.square(variable)), false, [variable]);
}

afterAll(async () => {
  await setThreadsCount(1);
  await tf.setBackend('cpu');
});

// One kind of variable per number of threads.
const variableKinds = Object.entries(VARIABLES);

describe.each([1, 2, 3])('%i threads:', (count) => {
  beforeAll(async () => {
    await tf.setBackend('simd');
    await setThreadsCount(count);
  });

  describe.each(Object.entries(CONVOLUTIONS))('what a deferred result of %s refers to', (_, convolve) => {
    describe.each(Object.entries(CHAINS))('with %s', (__, chain) => {
      it.each([variableKinds[count - 1]])('may become a variable %s', async (___, variableOf) => {
        const count = tf.tidy(() => chain(convolve()).length);
        for (let shared = 0; shared < count - 1; shared++)
          await expectSameOnSimd(() => {
            const results = chain(convolve());
            const variable = variableOf(results[shared]);
            const unread = results.slice(shared + 1);
            // The variable alone keeps the values.
            results.slice(0, shared + 1).forEach((tensor) => tensor.dispose());
            change(variable, tf.train.sgd(0.7));
            return [...unread.reverse(), variable];
          });
      });
    });
  });

  it.each(Object.entries(OPTIMIZERS))('a deferred ReLU does not see the steps of %s', async (_, make) => {
    await expectSameOnSimd(() => {
      const y = CONVOLUTIONS['direct convolution']();
      const rectified = tf.relu(y);
      const variable = tf.variable(y);
      y.dispose();
      change(variable, make());
      const later = tf.relu(variable);
      change(variable, make());
      return [rectified, later, variable];
    });
  });

  it('a ReLU of a convolution is 3 after a step that has set the convolution to -3', async () => {
    await tf.setBackend('simd');
    const y = tf.conv2d(tf.ones([1, 2, 2, 1]) as tf.Tensor4D, tf.fill([1, 1, 1, 1], 3), 1, 'same');
    const rectified = tf.relu(y);
    const variable = tf.variable(y);
    y.dispose();
    tf.train.sgd(1).minimize(() => tf.sum(tf.square(variable)));
    expect([...rectified.dataSync()]).toEqual([3, 3, 3, 3]);
    expect([...variable.dataSync()]).toEqual([-3, -3, -3, -3]);
    tf.dispose([rectified, variable]);
  });

  it('the operands of deferred results are variables that are changed before they are read', async () => {
    await expectSameOnSimd(() => {
      const [x, filter, bias, mean, gamma] = [
        random([2, 6, 6, 3], 1),
        random([3, 3, 3, 8], 2),
        ...[3, 4, 5].map((seed) => random([8], seed)),
      ].map((tensor) => tf.variable(tensor));
      const y = tf.fused.conv2d({
        x: x as tf.Tensor as tf.Tensor4D,
        filter: filter as tf.Tensor as tf.Tensor4D,
        bias,
        strides: 1,
        pad: 'same',
      });
      const z = tf.batchNorm(y, mean as never, tf.ones([8]), mean as never, gamma as never);
      const rectified = tf.relu(z);
      const dx = tf.grad((image) =>
        tf.sum(tf.square(tf.conv2d(image as tf.Tensor4D, filter as never, 1, 'same'))),
      )(x);
      for (const variable of [x, filter, bias, mean, gamma]) change(variable, tf.train.sgd(0.3));
      return [rectified, z, y, dx];
    });
  });

  it('moving statistics of batch norm that share the values of a convolution are updated in place', async () => {
    await expectSameOnSimd(() => {
      const y = tf.conv2d(
        random([1, 1, 1, 4], 1) as tf.Tensor4D,
        random([1, 1, 4, 6], 2) as tf.Tensor4D,
        1,
        'same',
      );
      const rectified = tf.relu(y);
      const layer = tf.layers.batchNormalization({ inputShape: [6] });
      layer.build([null, 6]);
      const [, , mean] = layer.weights;
      tf.tidy(() => {
        mean.write(tf.reshape(y, [6]));
      });
      y.dispose();
      for (let step = 0; step < 2; step++) layer.apply(random([5, 6], 3), { training: true });
      return [rectified, mean.read()];
    });
  });

  it('the gradient of batch norm and ReLU does not see changes of a variable that shares its values', async () => {
    await expectSameOnSimd(() => {
      const layers = [0, 1].map(() => {
        const layer = tf.layers.batchNormalization({ inputShape: [6] });
        layer.build([null, 6]);
        return layer;
      });
      const variable = layers[1].weights[2];
      const loss = (x: tf.Tensor) => {
        const y = tf.relu(layers[0].apply(x, { training: true }) as tf.Tensor);
        variable.write(tf.reshape(tf.slice(y, [0, 0], [1, 6]), [6]));
        for (let step = 0; step < 2; step++) layers[1].apply(tf.square(y), { training: true });
        return tf.sum(tf.mul(y, random([1, 6], 4))) as tf.Scalar;
      };
      return [tf.grad(loss)(random([1, 6], 3)), tf.grad(loss)(random([7, 6], 5)), variable.read()];
    });
  });

  it('the channel sums of a gradient of batch norm are those of its present values', async () => {
    await expectSameOnSimd(() => {
      const layer = tf.layers.batchNormalization({ inputShape: [6, 6, 8] });
      layer.build([null, 6, 6, 8]);
      const loss = (x: tf.Tensor) => tf.sum(tf.square(layer.apply(x, { training: true }) as tf.Tensor));
      const dx = tf.grad(loss)(random([4, 6, 6, 8], 1));
      const variable = tf.variable(dx);
      dx.dispose();
      const addChannelIndex = () => tf.sum(tf.mul(variable, tf.range(-1, -9)));
      for (let step = 0; step < 2; step++) tf.train.sgd(1).minimize(addChannelIndex as () => tf.Scalar);
      return [tf.sum(variable, [0, 1, 2])];
    });
  });

  it.each([
    ['in order', [0, 1, 2, 3]],
    ['in reverse', [3, 2, 1, 0]],
    ['a reader before what it reads', [1, 3, 0, 2]],
    ['a variable before its readers', [2, 0, 3, 1]],
  ])('leaves no tensor and no byte behind if results are disposed %s', async (_, order) => {
    await tf.setBackend('simd');
    const optimizer = tf.train.sgd(0.1);
    const before = tf.memory();
    for (const isRead of [false, true]) {
      const [y, z, rectified] = tf.tidy(() =>
        CHAINS['batch norm and ReLU'](CONVOLUTIONS['direct convolution']()),
      );
      const variable = tf.variable(z);
      const tensors = [y, z, rectified, variable];
      for (const [i, index] of order.entries()) {
        tensors[index].dispose();
        if (i === 1 && !variable.isDisposed) change(variable, optimizer);
        if (i === 1 && isRead) tensors.forEach((tensor) => tensor.isDisposed || tensor.dataSync());
      }
    }
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    expect({ numTensors, numDataBuffers, numBytes }).toEqual({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
      numBytes: before.numBytes,
    });
    optimizer.dispose();
  });
});
