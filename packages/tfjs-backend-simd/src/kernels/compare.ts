import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { denseStrides, dimensionsOf, isCopyable, mergeDimensions, stridedCopy } from '../strided-copy.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';

const { sizeFromShape } = tf.util;

/** Boolean tensors stay on the JavaScript heap, one byte per value; kernels read and write a copy. */
const comparison = (kernelName: string, kernel: string): SimdKernel => ({
  kernelName,
  run({ inputs: { a, b }, backend }: KernelCall<Record<'a' | 'b', tf.TensorInfo>>) {
    if (!areFloats(a, b)) return undefined;
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const length = sizeFromShape(shape);
    if (length === 0) return undefined;
    return withBroadcast(a, { shape, backend }, (addressA) =>
      withBroadcast(b, { shape, backend }, (addressB) =>
        backend.withScratch(length, (bytes) => {
          const strides = [a, b].map((tensor) => Number(sizeFromShape(tensor.shape) > 1));
          const args = [addressA, addressB, bytes, length, ...strides];
          backend.threadPool.dispatch(kernel, args, { serial: length < MIN_PARALLEL_SIZE });
          return backend.booleans(shape, backend.threadPool.memory.bytes(bytes, length).slice());
        }),
      ),
    );
  },
});

/** Calls `work` with the address of the tensor broadcast to `shape`; a scalar is not expanded. */
function withBroadcast(
  x: tf.TensorInfo,
  { shape, backend }: { shape: number[]; backend: SimdBackend },
  work: (address: number) => tf.TensorInfo | undefined,
): tf.TensorInfo | undefined {
  const size = sizeFromShape(x.shape);
  const length = sizeFromShape(shape);
  const address = backend.address(x);
  if (size === 1 || size === length) return work(address);
  const xShape = [...shape.slice(x.shape.length).map(() => 1), ...x.shape];
  const xStrides = denseStrides(xShape).map((stride, i) => (xShape[i] === 1 ? 0 : stride));
  const dimensions = mergeDimensions(dimensionsOf(shape, xStrides, denseStrides(shape)));
  if (!isCopyable(dimensions)) return undefined;
  return backend.withScratch(4 * length, (target) => {
    stridedCopy(backend, { source: address, target }, dimensions);
    return work(target);
  });
}

/** Comparisons with broadcasting. */
export const COMPARISONS: readonly SimdKernel[] = [
  comparison('Equal', 'compareEqual'),
  comparison('Greater', 'compareGreater'),
  comparison('GreaterEqual', 'compareGreaterEqual'),
  comparison('Less', 'compareLess'),
  comparison('LessEqual', 'compareLessEqual'),
  comparison('NotEqual', 'compareNotEqual'),
];

interface SelectInputs {
  condition: tf.TensorInfo;
  t: tf.TensorInfo;
  e: tf.TensorInfo;
}

/**
 * `t` where the condition is true, else `e`; all of the same shape. Any byte but 0 is true; for the cpu backend only
 * 1 is.
 */
export const select: SimdKernel = {
  kernelName: 'Select',
  run({ inputs: { condition, t, e }, backend }: KernelCall<SelectInputs>) {
    const { values } = backend.data.get(condition.dataId);
    if (!(values instanceof Uint8Array)) return undefined;
    if (!tf.util.arraysEqual(condition.shape, t.shape) || !tf.util.arraysEqual(t.shape, e.shape))
      return undefined;
    if (areFloats(t, e)) return selectFloats(backend, values, { t, e });
    return t.dtype === e.dtype ? selectOnHeap(backend, values, { t, e }) : undefined;
  },
};

type Alternatives = Omit<SelectInputs, 'condition'>;

function selectFloats(backend: SimdBackend, condition: Uint8Array, { t, e }: Alternatives): tf.TensorInfo {
  const { length } = condition;
  const [addressT, addressE] = [backend.address(t), backend.address(e)];
  return backend.withScratch(length, (bytes) => {
    backend.threadPool.memory.bytes(bytes, length).set(condition);
    const y = backend.output(t.shape);
    const args = [bytes, addressT, addressE, y.address, length];
    backend.threadPool.dispatch('select', args, { serial: length < MIN_PARALLEL_SIZE });
    return y;
  });
}

/** Of integers or booleans, which lie on the JavaScript heap; undefined for other types. */
function selectOnHeap(
  backend: SimdBackend,
  condition: Uint8Array,
  { t, e }: Alternatives,
): tf.TensorInfo | undefined {
  if (t.dtype !== 'int32' && t.dtype !== 'bool') return undefined;
  const [valuesT, valuesE] = [t, e].map(({ dataId }) => backend.data.get(dataId).values as ArrayLike<number>);
  const y = tf.util.makeZerosTypedArray(condition.length, t.dtype);
  for (let i = 0; i < y.length; i++) y[i] = condition[i] ? valuesT[i] : valuesE[i];
  return backend.makeTensorInfo(t.shape, t.dtype, y);
}
