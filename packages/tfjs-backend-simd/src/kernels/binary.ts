import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import { broadcast } from '../broadcast.js';
import type { KernelCall, SimdKernel } from '../kernel.js';

const SHORT = 16_384;
const NO_DIMENSION = { size: 1, a: 0, b: 0 };

/** Runs a kernel of two values with broadcasting; undefined where shapes repeat in more than four ways. */
export function combine(
  kernel: string,
  { a, b, backend }: { a: tf.TensorInfo; b: tf.TensorInfo; backend: SimdBackend },
): (tf.TensorInfo & { address: number }) | undefined {
  if (!areFloats(a, b)) return undefined;
  const { shape, dimensions } = broadcast(a.shape, b.shape);
  if (dimensions.length > 4) return undefined;
  const [row = { size: 1, a: 1, b: 1 }, d2, d1, d0] = dimensions;
  const outer = [d0, d1, d2].map((dimension) => dimension ?? NO_DIMENSION);
  const [addressA, addressB] = [backend.address(a), backend.address(b)];
  const y = backend.output(shape);
  const length = tf.util.sizeFromShape(shape);
  if (length === 0) return y;
  const args = [
    ...[
      addressA,
      addressB,
      y.address,
      length / row.size,
      row.size,
      row.a,
      row.b,
      outer[1].size,
      outer[2].size,
    ],
    ...outer.map((dimension) => 4 * dimension.a),
    ...outer.map((dimension) => 4 * dimension.b),
  ];
  backend.threads.run(kernel, args, { alone: length < SHORT });
  return y;
}

type Pair = Record<string, tf.TensorInfo>;

const binary = (kernelName: string, kernel: string, [a, b] = ['a', 'b']): SimdKernel => ({
  kernelName,
  run: ({ inputs, backend }: KernelCall<Pair>) => combine(kernel, { a: inputs[a], b: inputs[b], backend }),
});

/** Functions of two values. */
export const BINARY: readonly SimdKernel[] = [
  binary('Add', 'pairAdd'),
  binary('EluGrad', 'pairEluGradient', ['dy', 'y']),
  binary('Maximum', 'pairMaximum'),
  binary('Minimum', 'pairMinimum'),
  binary('Multiply', 'pairMultiply'),
  binary('Pow', 'pairPower'),
  binary('Prelu', 'pairPrelu', ['x', 'alpha']),
  binary('RealDiv', 'pairDivide'),
  binary('SquaredDifference', 'pairSquaredDifference'),
  binary('Sub', 'pairSubtract'),
];

/** The sum of tensors of one shape. */
export const addN: SimdKernel = {
  kernelName: 'AddN',
  run({ inputs, backend }: KernelCall<tf.TensorInfo[]>) {
    const [first, second, ...others] = inputs;
    if (!second || !areFloats(...inputs)) return undefined;
    const length = tf.util.sizeFromShape(first.shape);
    const rest = others.map((tensor) => backend.address(tensor));
    const sum = combine('pairAdd', { a: first, b: second, backend })!;
    for (const address of rest)
      backend.threads.run('pairAdd', [sum.address, address, sum.address, 1, length, 1, 1], {
        alone: length < SHORT,
      });
    return sum;
  },
};
