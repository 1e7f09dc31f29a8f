import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../../src/backend.js';
import { setThreadsCount } from '../../src/index.js';
import { relativeError } from '../support/expect-close.js';

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

/** Images, 3x3 filters, a bias, and the parameters of a batch norm. */
function createTensors() {
  const [x, filter] = [random([2, 9, 10, 16], 1) as tf.Tensor4D, random([3, 3, 16, 24], 2) as tf.Tensor4D];
  const [bias, mean, beta, gamma] = [3, 4, 5, 6].map((seed) => random([24], seed) as tf.Tensor1D);
  return { x, filter, bias, mean, beta, gamma, variance: tf.abs(random([24], 7)) as tf.Tensor1D };
}

type Tensors = ReturnType<typeof createTensors>;
const convolution = ({ x, filter, bias }: Tensors) =>
  tf.fused.conv2d({ x, filter, bias, strides: 1, pad: 'same' });
const normalize = (y: tf.Tensor, { mean, variance, beta, gamma }: Tensors) =>
  tf.batchNorm(y, mean, variance, beta, gamma);

const GRAPHS: Record<string, (tensors: Tensors) => tf.Tensor> = {
  convolution,
  'convolution and ReLU': (tensors) => tf.relu(convolution(tensors)),
  'convolution and ReLU6': (tensors) => tf.relu6(convolution(tensors)),
  'convolution and batch norm': (tensors) => normalize(convolution(tensors), tensors),
  'convolution without a bias, batch norm and ReLU': (tensors) =>
    tf.relu(normalize(tf.conv2d(tensors.x, tensors.filter, 2, 'same'), tensors)),
  'convolution, batch norm and ReLU6': (tensors) => tf.relu6(normalize(convolution(tensors), tensors)),
  'convolution and two batch norms': (tensors) =>
    normalize(normalize(convolution(tensors), tensors), tensors),
  'convolution, ReLU and ReLU6': (tensors) => tf.relu6(tf.relu(convolution(tensors))),
  'convolution, ReLU and batch norm': (tensors) => normalize(tf.relu(convolution(tensors)), tensors),
  'convolution with several readers': (tensors) => {
    const y = convolution(tensors);
    return tf.add(tf.add(tf.relu(y), normalize(y, tensors)), y);
  },
  'batch norm and ReLU': ({ x, mean, variance }) =>
    tf.relu(tf.batchNorm(x, tf.slice1d(mean, 0, 16), tf.slice1d(variance, 0, 16))),
};

const chain = (tensors: Tensors, rectifier: typeof tf.relu) => {
  const y = convolution(tensors);
  const z = normalize(y, tensors);
  return [y, z, rectifier(z)];
};

/** A convolution and the operations after it: the results of all, in order. */
const CHAINS: Record<string, (tensors: Tensors) => tf.Tensor[]> = {
  'batch norm and ReLU': (tensors) => chain(tensors, tf.relu),
  'batch norm and ReLU6': (tensors) => chain(tensors, tf.relu6),
  ReLU: (tensors) => {
    const y = convolution(tensors);
    return [y, tf.relu(y)];
  },
};

afterAll(() => tf.setBackend('cpu'));

describe('inference', () => {
  it.each(Object.entries(GRAPHS))('agrees with the cpu backend: %s', async (_, graph) => {
    const run = () => tf.tidy(() => graph(createTensors()).dataSync<'float32'>());
    await tf.setBackend('cpu');
    const expected = run();
    await tf.setBackend('simd');
    const before = tf.memory();
    const actual = run();
    expect(relativeError(actual, expected)).toBeLessThan(1e-4);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    await setThreadsCount(2);
    expect(run()).toEqual(actual);
    await setThreadsCount(1);
  });

  it.each(Object.entries(CHAINS))(
    'computes every result of convolution, %s, for any subset of them and any order of reading',
    async (_, results) => {
      const run = async (backend: string, kept: number[]) => {
        await tf.setBackend(backend);
        const tensors = tf.tidy(() => results(createTensors()).map((tensor) => tf.keep(tensor)));
        tensors.forEach((tensor, i) => kept.includes(i) || tensor.dispose());
        // Reads through an operation outside the chain, so that the last result is computed before the others
        // are read.
        const read = kept.map((i) => [i, tf.tidy(() => tensors[i].add(0).dataSync<'float32'>())] as const);
        kept.forEach((i) => tensors[i].dispose());
        return Object.fromEntries(read);
      };
      const all = await run(
        'cpu',
        [0, 1, 2].slice(
          0,
          tf.tidy(() => results(createTensors()).length),
        ),
      );
      const last = Object.keys(all).length - 1;
      for (const kept of [[0], [1], [last], [0, last], [last, 0], [last, 1], [last, 1, 0], [0, 1, last]]) {
        const some = await run('simd', [...new Set(kept)]);
        for (const [i, values] of Object.entries(some))
          expect(relativeError(values, all[i]), `${kept}: ${i}`).toBeLessThan(1e-4);
      }
    },
  );

  /** What lies between a convolution of 24 channels and a batch norm: shapes with other last axes, and with the same. */
  const RESHAPES: Record<string, (y: tf.Tensor) => tf.Tensor> = {
    flatten: (y) => tf.reshape(y, [y.shape[0], -1]),
    'halves of the channels': (y) => tf.reshape(y, [y.shape[0], -1, 2, 12]),
    'pairs of channels': (y) => tf.reshape(y, [-1, 2]),
    'pixels as rows': (y) => tf.reshape(y, [-1, 24]),
    'twice the channels': (y) => tf.reshape(y, [1, -1, 48]),
  };

  it.each(Object.entries(RESHAPES))(
    'normalizes the channels of the reshaped result: %s',
    async (_, reshape) => {
      const run = async (backend: string) => {
        await tf.setBackend(backend);
        const { x, filter } = createTensors();
        // The convolution and the reshaped result are disposed of before the read.
        const normalized = tf.tidy(() => {
          const y = reshape(tf.conv2d(x, filter, 1, 'valid'));
          const channels = [y.shape.at(-1)!];
          const parameters = [1, 2, 3, 4].map((seed) => tf.randomUniform(channels, 0.5, 2, 'float32', seed));
          const [mean, variance, beta, gamma] = parameters as tf.Tensor1D[];
          return tf.batchNorm(y, mean, variance, beta, gamma);
        });
        return tf.tidy(() => tf.relu(normalized).dataSync<'float32'>());
      };
      expect(relativeError(await run('simd'), await run('cpu'))).toBeLessThan(1e-4);
    },
  );

  it('computes a convolution once in a model that outputs several layers', async () => {
    await tf.setBackend('simd');
    const { threadPool } = tf.backend() as unknown as SimdBackend;
    const { x } = createTensors();
    const input = tf.input({ shape: [9, 10, 16] });
    const conv = tf.layers.conv2d({ filters: 24, kernelSize: 3 }).apply(input) as tf.SymbolicTensor;
    const norm = tf.layers.batchNormalization().apply(conv) as tf.SymbolicTensor;
    const relu = tf.layers.reLU().apply(norm) as tf.SymbolicTensor;
    const pool = tf.layers.maxPooling2d({ poolSize: 2 }).apply(relu) as tf.SymbolicTensor;
    const countConvolutions = (outputs: tf.SymbolicTensor[]) => {
      const model = tf.model({ inputs: input, outputs });
      const kernels: string[] = [];
      const { dispatch } = threadPool;
      threadPool.dispatch = (name, ...rest) => {
        kernels.push(name);
        dispatch.call(threadPool, name, ...rest);
      };
      try {
        tf.tidy(() => [model.predict(x)].flat().forEach((tensor) => tensor.dataSync()));
      } finally {
        threadPool.dispatch = dispatch;
      }
      return kernels.filter((name) => /Forward$/.test(name)).length;
    };
    expect(countConvolutions([pool])).toBe(1);
    expect(countConvolutions([conv, norm, relu, pool])).toBe(1);
    expect(countConvolutions([conv, pool])).toBe(1);
    expect(countConvolutions([relu, pool])).toBe(1);
  });
});
