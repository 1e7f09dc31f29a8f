import * as tf from '@tensorflow/tfjs';
import { OutOfMemory, type SimdBackend } from '../backend.js';
import { copyBox } from '../box.js';
import type { KernelCall, SimdKernel } from '../kernel.js';

/** Where sums over all axes but the last lie while they are in parts: [parts][channels] in float64. */
export interface ChannelParts {
  readonly address: number;
  readonly parts: number;
  readonly channels: number;
}

/** Keeps the sums over all axes but the last of a tensor, which somebody may ask for, as long as the tensor; if there is room. */
export function knowChannelSums(
  backend: SimdBackend,
  { dataId }: tf.TensorInfo,
  { address, parts, channels }: ChannelParts,
): void {
  const { threads } = backend;
  const bytes = 4 * channels;
  try {
    const attached = { address: threads.memory.allocate(bytes), bytes };
    threads.run('sumParts', [address, parts, channels, attached.address], { alone: true });
    backend.attach(dataId, attached);
  } catch (error) {
    if (!(error instanceof OutOfMemory)) throw error;
  }
}

/** The bias gradient of a layer before a batch norm: its gradient has found these sums along. */
export const knownSum: SimdKernel = {
  kernelName: 'Sum',
  run({
    inputs: { x },
    attrs,
    backend,
  }: KernelCall<{ x: tf.TensorInfo }, { axis: number[]; keepDims: boolean }>) {
    const sums = backend.attached(x.dataId);
    const channels = x.shape[x.shape.length - 1];
    if (!sums || attrs.keepDims || 4 * channels !== sums.bytes) return undefined;
    const axes = tf.util.parseAxisParam(attrs.axis, x.shape);
    if (axes.length !== x.shape.length - 1 || axes.includes(axes.length)) return undefined;
    const y = backend.output([channels]);
    copyBox(backend, { from: sums.address, to: y.address }, [{ size: channels, from: 1, to: 1 }]);
    return y;
  },
};
