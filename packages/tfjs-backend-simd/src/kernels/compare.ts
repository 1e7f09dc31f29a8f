import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import { copyBox, isCopyable, merge, steps } from '../box.js';
import type { KernelCall, SimdKernel } from '../kernel.js';

const SHORT = 16_384;

/** Truth values stay on the JavaScript heap, a byte each: they are copied where a kernel makes or reads them. */
const comparison = (kernelName: string, kernel: string): SimdKernel => ({
  kernelName,
  run({ inputs: { a, b }, backend }: KernelCall<{ a: tf.TensorInfo; b: tf.TensorInfo }>) {
    if (!areFloats(a, b)) return undefined;
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const length = tf.util.sizeFromShape(shape);
    if (length === 0) return undefined;
    return expanded(a, { shape, backend }, (addressA) =>
      expanded(b, { shape, backend }, (addressB) =>
        backend.scratch(length, (bytes) => {
          const repeats = [a, b].map((tensor) => Number(tf.util.sizeFromShape(tensor.shape) > 1));
          const args = [addressA, addressB, bytes, length, ...repeats];
          backend.threads.run(kernel, args, { alone: length < SHORT });
          return backend.makeTensorInfo(shape, 'bool', backend.threads.memory.bytes(bytes, length).slice());
        }),
      ),
    );
  },
});

type Work = (address: number) => tf.TensorInfo | undefined;

/** Calls `work` with the address of a tensor's values over a larger shape; a single value stands for all. */
function expanded(
  x: tf.TensorInfo,
  { shape, backend }: { shape: number[]; backend: SimdBackend },
  work: Work,
) {
  const size = tf.util.sizeFromShape(x.shape);
  const length = tf.util.sizeFromShape(shape);
  const address = backend.address(x);
  if (size === 1 || size === length) return work(address);
  const ofX = [...shape.slice(x.shape.length).map(() => 1), ...x.shape];
  const [stepsOfX, stepsOfAll] = [steps(ofX), steps(shape)];
  const dimensions = merge(
    shape.map((size, i) => ({ size, from: ofX[i] === 1 ? 0 : stepsOfX[i], to: stepsOfAll[i] })),
  );
  if (!isCopyable(dimensions)) return undefined;
  return backend.scratch(4 * length, (to) => {
    copyBox(backend, { from: address, to }, dimensions);
    return work(to);
  });
}

/** Comparisons. */
export const COMPARISONS: readonly SimdKernel[] = [
  comparison('Equal', 'compareEqual'),
  comparison('Greater', 'compareGreater'),
  comparison('GreaterEqual', 'compareGreaterEqual'),
  comparison('Less', 'compareLess'),
  comparison('LessEqual', 'compareLessEqual'),
  comparison('NotEqual', 'compareNotEqual'),
];

/** `t` where a condition of the same shape holds, `e` elsewhere. */
export const select: SimdKernel = {
  kernelName: 'Select',
  run({ inputs: { condition, t, e }, backend }: KernelCall<Record<'condition' | 't' | 'e', tf.TensorInfo>>) {
    const { values } = backend.data.get(condition.dataId);
    if (!areFloats(t, e) || !(values instanceof Uint8Array)) return undefined;
    if (!tf.util.arraysEqual(condition.shape, t.shape) || !tf.util.arraysEqual(t.shape, e.shape))
      return undefined;
    const { length } = values;
    const [addressT, addressE] = [backend.address(t), backend.address(e)];
    return backend.scratch(length, (bytes) => {
      backend.threads.memory.bytes(bytes, length).set(values);
      const y = backend.output(t.shape);
      backend.threads.run('select', [bytes, addressT, addressE, y.address, length], {
        alone: length < SHORT,
      });
      return y;
    });
  },
};
