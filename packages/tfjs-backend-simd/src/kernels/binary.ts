import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import { broadcast, type BroadcastDimension } from '../broadcast.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';

/** The kernel reads rows in at most three outer dimensions. */
const MAX_DIMENSIONS = 4;
const MISSING_ROW: BroadcastDimension = { size: 1, strideA: 1, strideB: 1 };
const MISSING_DIMENSION: BroadcastDimension = { size: 1, strideA: 0, strideB: 0 };

/** Whether `runBinary` can broadcast these shapes: at most four dimensions remain after merging. */
export const canBroadcast = (a: readonly number[], b: readonly number[]): boolean =>
  broadcast(a, b).dimensions.length <= MAX_DIMENSIONS;

/**
 * Dispatches a binary elementwise kernel with broadcasting; undefined where more than four dimensions remain
 * after merging.
 */
export function runBinary(
  kernel: string,
  { a, b, backend }: { a: tf.TensorInfo; b: tf.TensorInfo; backend: SimdBackend },
): (tf.TensorInfo & { address: number }) | undefined {
  if (!areFloats(a, b)) return undefined;
  const { shape, dimensions } = broadcast(a.shape, b.shape);
  if (dimensions.length > MAX_DIMENSIONS) return undefined;
  const [row = MISSING_ROW, d2 = MISSING_DIMENSION, d1 = MISSING_DIMENSION, d0 = MISSING_DIMENSION] =
    dimensions;
  const outer = [d0, d1, d2];
  const [addressA, addressB] = [backend.address(a), backend.address(b)];
  const y = backend.output(shape);
  const length = tf.util.sizeFromShape(shape);
  if (length === 0) return y;
  const args = [
    ...[addressA, addressB, y.address],
    ...[length / row.size, row.size, row.strideA, row.strideB, d1.size, d2.size],
    ...outer.map(({ strideA }) => 4 * strideA),
    ...outer.map(({ strideB }) => 4 * strideB),
  ];
  backend.threadPool.dispatch(kernel, args, { serial: length < MIN_PARALLEL_SIZE });
  return y;
}

type BinaryInputs = Record<string, tf.TensorInfo>;

const binary = (kernelName: string, kernel: string, [a, b] = ['a', 'b']): SimdKernel => ({
  kernelName,
  run: ({ inputs, backend }: KernelCall<BinaryInputs>) =>
    runBinary(kernel, { a: inputs[a], b: inputs[b], backend }),
});

/** Binary elementwise operations. */
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

/** The sum of tensors of the same shape. */
export const addN: SimdKernel = {
  kernelName: 'AddN',
  run({ inputs, backend }: KernelCall<tf.TensorInfo[]>) {
    const [first, second, ...others] = inputs;
    const hasShapeOfFirst = ({ shape }: tf.TensorInfo) => tf.util.arraysEqual(shape, first.shape);
    if (!second || !areFloats(...inputs) || !inputs.every(hasShapeOfFirst)) return undefined;
    const length = tf.util.sizeFromShape(first.shape);
    const otherAddresses = others.map((tensor) => backend.address(tensor));
    const sum = runBinary('pairAdd', { a: first, b: second, backend })!;
    for (const address of otherAddresses)
      backend.threadPool.dispatch('pairAdd', [sum.address, address, sum.address, 1, length, 1, 1], {
        serial: length < MIN_PARALLEL_SIZE,
      });
    return sum;
  },
};
