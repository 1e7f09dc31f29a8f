import * as tf from '@tensorflow/tfjs';
import { ACTIVATION_CODES, isFusedActivation, type FusedActivation } from '../activation-codes.js';
import { BACKEND_NAME } from '../backend-name.js';
import { areFloats, snapshot, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { runBinary } from './binary.js';

/** Products of fewer multiplications are computed by one thread. */
const MIN_PARALLEL_MULTIPLICATIONS = 65_536;

interface MatMulOperands {
  a: tf.TensorInfo;
  b: tf.TensorInfo;
  /** One value per column. */
  bias?: tf.TensorInfo;
  transposeA: boolean;
  transposeB: boolean;
  activation?: FusedActivation;
  backend: SimdBackend;
}

const { sizeFromShape } = tf.util;

/** Rows and columns of the matrices in the last two dimensions. */
function matrixSize({ shape }: tf.TensorInfo, isTransposed: boolean): [number, number] {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return isTransposed ? [columns, rows] : [rows, columns];
}

/** A copy of the matrices of `x`, repeated to a batch of the shape `batch`. */
function repeatMatrices(x: tf.TensorInfo, batch: readonly number[], backend: SimdBackend): tf.TensorInfo {
  const shape = [...batch.slice(x.shape.length - 2).map(() => 1), ...x.shape];
  const reps = shape.map((size, axis) => (axis < batch.length && size === 1 ? batch[axis] : 1));
  const { kernelFunc } = tf.getKernel('Tile', BACKEND_NAME)!;
  return kernelFunc({ inputs: { x: { ...snapshot(x), shape } }, attrs: { reps }, backend }) as tf.TensorInfo;
}

/** Products of the matrices of batches that differ: the kernel of the cpu backend pairs other matrices. */
function runBroadcastMatMul(operands: MatMulOperands, batch: readonly number[]) {
  const { a, b, backend } = operands;
  const repeated = [repeatMatrices(a, batch, backend), repeatMatrices(b, batch, backend)];
  try {
    return runMatMul({ ...operands, a: repeated[0], b: repeated[1] });
  } finally {
    for (const { dataId } of repeated) backend.disposeData(dataId);
  }
}

/** Matrix products; undefined for other types. */
function runMatMul(operands: MatMulOperands): (tf.TensorInfo & { address: number }) | undefined {
  const { a, b, bias, transposeA, transposeB, activation = 'linear', backend } = operands;
  if (!areFloats(a, b, bias)) return undefined;
  const [batchA, batchB] = [a, b].map(({ shape }) => shape.slice(0, -2));
  const [countA, countB] = [sizeFromShape(batchA), sizeFromShape(batchB)];
  if (!tf.util.arraysEqual(batchA, batchB) && countA !== 1 && countB !== 1)
    return runBroadcastMatMul(operands, tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB));
  const [m, k] = matrixSize(a, transposeA);
  const [rowsB, n] = matrixSize(b, transposeB);
  const shape = [...tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB), m, n];
  const batch = Math.max(countA, countB);
  if (k !== rowsB) return undefined;
  // The kernel of the cpu backend takes a batch of none for one.
  if (sizeFromShape(shape) === 0) return backend.output(shape);
  if (k === 0) return undefined;
  if (bias && sizeFromShape(bias.shape) !== n) return undefined;
  // A batch of matrices times one matrix is a single product with batch * m rows.
  const isSingleProduct = countB === 1 && !transposeA;
  const { threadPool } = backend;
  const addresses = [a, b, bias].map((tensor) => (tensor ? backend.address(tensor) : 0));
  const [addressA, addressB, addressBias] = addresses;
  return backend.withScratch(threadPool.call('matMulScratch') * threadPool.threadCount, (scratch) => {
    const c = backend.output(shape);
    const args = [
      ...[addressA, addressB, c.address, addressBias, ACTIVATION_CODES[activation]],
      ...(isSingleProduct ? [1, batch * m, n, k] : [batch, m, n, k]),
      ...[Number(transposeA), Number(transposeB)],
      ...[countA === 1 ? 0 : 4 * m * k, countB === 1 ? 0 : 4 * n * k, scratch],
    ];
    threadPool.dispatch('matMul', args, { serial: batch * m * n * k < MIN_PARALLEL_MULTIPLICATIONS });
    return c;
  });
}

type Attributes = Record<'transposeA' | 'transposeB', boolean>;

/** Products of the matrices in the last two dimensions. */
export const batchMatMul: SimdKernel = {
  kernelName: 'BatchMatMul',
  run: ({ inputs, attrs, backend }: KernelCall<Record<'a' | 'b', tf.TensorInfo>, Attributes>) =>
    runMatMul({ ...inputs, ...attrs, backend }),
};

interface FusedInputs {
  a: tf.TensorInfo;
  b: tf.TensorInfo;
  bias?: tf.TensorInfo;
  preluActivationWeights?: tf.TensorInfo;
}

interface FusedAttributes extends Attributes {
  activation?: string;
  leakyreluAlpha?: number;
}

/** The TensorFlow.js kernels of activations that follow the product. */
const ACTIVATION_KERNELS: Record<string, string> = {
  elu: 'Elu',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
};

/** Whether a bias, if there is one, has one value per column. */
const isRowBias = (bias: tf.TensorInfo | undefined): boolean =>
  !bias || (bias.shape.at(-1) === sizeFromShape(bias.shape) && bias.shape.at(-1) !== 1);

/**
 * A dense layer: product, bias and activation. A bias of another shape and other activations follow as
 * kernels.
 */
export const fusedMatMul: SimdKernel = {
  kernelName: '_FusedMatMul',
  run({ inputs, attrs, backend }: KernelCall<FusedInputs, FusedAttributes>) {
    const { a, b, bias } = inputs;
    const { transposeA, transposeB } = attrs;
    const activation = attrs.activation ?? 'linear';
    const isSupported = isFusedActivation(activation) || activation in ACTIVATION_KERNELS;
    if (!areFloats(a, b, bias) || !isSupported) return undefined;
    const isBiasFused = isRowBias(bias);
    const fusedActivation = isBiasFused && isFusedActivation(activation) ? activation : 'linear';
    let result: tf.TensorInfo | undefined = runMatMul({
      ...{ a, b, bias: isBiasFused ? bias : undefined, transposeA, transposeB },
      ...{ activation: fusedActivation, backend },
    });
    if (result && !isBiasFused)
      result = replaced(backend, result, (x) => runBinary('pairAdd', { a: x, b: bias!, backend }));
    if (result && activation !== fusedActivation)
      result = replaced(backend, result, (x) => runActivation(backend, x, { activation, inputs, attrs }));
    return result;
  },
};

/** The result of `compute`; disposes of its input. */
function replaced<T>(backend: SimdBackend, x: tf.TensorInfo, compute: (x: tf.TensorInfo) => T): T {
  try {
    return compute(x);
  } finally {
    backend.disposeData(x.dataId);
  }
}

function runActivation(
  backend: SimdBackend,
  x: tf.TensorInfo,
  { activation, inputs, attrs }: { activation: string; inputs: FusedInputs; attrs: FusedAttributes },
): tf.TensorInfo {
  const { preluActivationWeights } = inputs;
  const { kernelFunc } = tf.getKernel(ACTIVATION_KERNELS[activation], BACKEND_NAME)!;
  return kernelFunc({
    inputs: { x, ...(preluActivationWeights && { alpha: preluActivationWeights }) },
    attrs: { alpha: attrs.leakyreluAlpha ?? 0 },
    backend,
  }) as tf.TensorInfo;
}
