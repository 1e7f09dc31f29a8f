import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { setThreadsCount } from '../src/index.js';

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

const error = (actual: Float32Array, expected: Float32Array) =>
  actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i])), 0) /
  Math.max(...expected.map(Math.abs));

/** x, kernels 3x3 of 16 channels, a bias, and a batch norm's mean, variance, beta and gamma. */
function given() {
  const [x, filter] = [random([2, 9, 10, 16], 1) as tf.Tensor4D, random([3, 3, 16, 24], 2) as tf.Tensor4D];
  const [bias, mean, beta, gamma] = [3, 4, 5, 6].map((seed) => random([24], seed) as tf.Tensor1D);
  return { x, filter, bias, mean, beta, gamma, variance: tf.abs(random([24], 7)) as tf.Tensor1D };
}

type Given = ReturnType<typeof given>;
const convolution = ({ x, filter, bias }: Given) =>
  tf.fused.conv2d({ x, filter, bias, strides: 1, pad: 'same' });
const normalized = (y: tf.Tensor, { mean, variance, beta, gamma }: Given) =>
  tf.batchNorm(y, mean, variance, beta, gamma);

const GRAPHS: Record<string, (values: Given) => tf.Tensor> = {
  convolution: convolution,
  'convolution and ReLU': (values) => tf.relu(convolution(values)),
  'convolution and ReLU6': (values) => tf.relu6(convolution(values)),
  'convolution and batch norm': (values) => normalized(convolution(values), values),
  'convolution without a bias, batch norm and ReLU': (values) =>
    tf.relu(normalized(tf.conv2d(values.x, values.filter, 2, 'same'), values)),
  'convolution, batch norm and ReLU6': (values) => tf.relu6(normalized(convolution(values), values)),
  'convolution and two batch norms': (values) => normalized(normalized(convolution(values), values), values),
  'convolution, ReLU and ReLU6': (values) => tf.relu6(tf.relu(convolution(values))),
  'convolution, ReLU and batch norm': (values) => normalized(tf.relu(convolution(values)), values),
  'convolution with several readers': (values) => {
    const y = convolution(values);
    return tf.add(tf.add(tf.relu(y), normalized(y, values)), y);
  },
  'batch norm and ReLU': ({ x, mean, variance }) =>
    tf.relu(tf.batchNorm(x, tf.slice1d(mean, 0, 16), tf.slice1d(variance, 0, 16))),
};

const chain = (values: Given, rectifier: typeof tf.relu) => {
  const y = convolution(values);
  const z = normalized(y, values);
  return [y, z, rectifier(z)];
};

/** A convolution and what follows it, one result after the other. */
const CHAINS: Record<string, (values: Given) => tf.Tensor[]> = {
  'batch norm and ReLU': (values) => chain(values, tf.relu),
  'batch norm and ReLU6': (values) => chain(values, tf.relu6),
  ReLU: (values) => {
    const y = convolution(values);
    return [y, tf.relu(y)];
  },
};

afterAll(() => tf.setBackend('cpu'));

describe('inference', () => {
  it.each(Object.entries(GRAPHS))('agrees with the cpu backend: %s', async (_, graph) => {
    const run = () => tf.tidy(() => graph(given()).dataSync<'float32'>());
    await tf.setBackend('cpu');
    const expected = run();
    await tf.setBackend('simd');
    const before = tf.memory();
    const actual = run();
    expect(error(actual, expected)).toBeLessThan(1e-4);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    await setThreadsCount(2);
    expect(run()).toEqual(actual);
    await setThreadsCount(1);
  });

  it.each(Object.entries(CHAINS))(
    'gives each result of a convolution, %s, whichever are kept and in whatever order they are read',
    async (_, results) => {
      const run = async (backend: string, kept: number[]) => {
        await tf.setBackend(backend);
        const tensors = tf.tidy(() => results(given()).map((tensor) => tf.keep(tensor)));
        tensors.forEach((tensor, i) => kept.includes(i) || tensor.dispose());
        // A reader that is no part of the chain, so that the last one is computed before what it is made of is read.
        const read = kept.map((i) => [i, tf.tidy(() => tensors[i].add(0).dataSync<'float32'>())] as const);
        kept.forEach((i) => tensors[i].dispose());
        return Object.fromEntries(read);
      };
      const all = await run(
        'cpu',
        [0, 1, 2].slice(
          0,
          tf.tidy(() => results(given()).length),
        ),
      );
      const last = Object.keys(all).length - 1;
      for (const kept of [[0], [1], [last], [0, last], [last, 0], [last, 1], [last, 1, 0], [0, 1, last]]) {
        const some = await run('simd', [...new Set(kept)]);
        for (const [i, values] of Object.entries(some))
          expect(error(values, all[i]), `${kept}: ${i}`).toBeLessThan(1e-4);
      }
    },
  );

  it('computes a convolution once where a model puts out what follows it too', async () => {
    await tf.setBackend('simd');
    const { threads } = tf.backend() as unknown as {
      threads: { run(name: string, ...rest: unknown[]): void };
    };
    const { x } = given();
    const input = tf.input({ shape: [9, 10, 16] });
    const conv = tf.layers.conv2d({ filters: 24, kernelSize: 3 }).apply(input) as tf.SymbolicTensor;
    const norm = tf.layers.batchNormalization().apply(conv) as tf.SymbolicTensor;
    const relu = tf.layers.reLU().apply(norm) as tf.SymbolicTensor;
    const pool = tf.layers.maxPooling2d({ poolSize: 2 }).apply(relu) as tf.SymbolicTensor;
    const convolutions = (outputs: tf.SymbolicTensor[]) => {
      const model = tf.model({ inputs: input, outputs });
      const kernels: string[] = [];
      const { run } = threads;
      threads.run = (name, ...rest) => (kernels.push(name), run.call(threads, name, ...rest));
      try {
        tf.tidy(() => [model.predict(x)].flat().forEach((tensor) => tensor.dataSync()));
      } finally {
        threads.run = run;
      }
      return kernels.filter((name) => /Forward$/.test(name)).length;
    };
    expect(convolutions([pool])).toBe(1);
    expect(convolutions([conv, norm, relu, pool])).toBe(1);
    expect(convolutions([conv, pool])).toBe(1);
    expect(convolutions([relu, pool])).toBe(1);
  });
});
