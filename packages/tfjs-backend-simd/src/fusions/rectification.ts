import type * as tf from '@tensorflow/tfjs';
import { areFloats, snapshot, type Pending, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { runActivationGradient } from './activation-gradients.js';
import { Convolution } from './convolution.js';
import { Normalization, rowsOf } from './batch-normalization.js';
import { knowChannelSums } from './channel-sums.js';

/** Of a tensor that a ReLU made of a normalization: the statistics of that normalization. Both by data id. */
const statisticsOf = new WeakMap<object, object>();

/** The ReLU of a normalization or a convolution that still waits: of the one in one pass, of the other as part of it. */
export const rectifiedPending: SimdKernel = {
  kernelName: 'Relu',
  run({ inputs: { x }, backend }: KernelCall<{ x: tf.TensorInfo }>) {
    const pending = backend.pending(x);
    if (pending instanceof Convolution)
      return afterConvolution(backend, pending.rectified('relu', snapshot(x)), x.shape);
    if (!(pending instanceof Normalization)) return undefined;
    const y = backend.output(x.shape);
    pending.write(y.address, { rectify: true });
    if (pending.statistics) statisticsOf.set(y.dataId, pending.statistics);
    return y;
  },
};

/** The same for ReLU6, after a convolution. */
export const rectifiedPending6: SimdKernel = {
  kernelName: 'Relu6',
  run({ inputs: { x }, backend }: KernelCall<{ x: tf.TensorInfo }>) {
    const pending = backend.pending(x);
    if (!(pending instanceof Convolution)) return undefined;
    return afterConvolution(backend, pending.rectified('relu6', snapshot(x)), x.shape);
  },
};

const afterConvolution = (backend: SimdBackend, pending: Convolution | undefined, shape: number[]) =>
  pending && backend.deferred(shape, pending);

/** The gradient of such a ReLU, which waits: the gradient of the normalization finds out again what the ReLU let pass. */
export class RectifiedGradient implements Pending {
  readonly inputs: readonly tf.TensorInfo[];

  constructor(
    private readonly backend: SimdBackend,
    readonly dy: tf.TensorInfo,
    private readonly y: tf.TensorInfo,
    readonly statistics: object,
  ) {
    this.inputs = [dy, y];
  }

  write(address: number): void {
    runActivationGradient(this.backend, 'reluGradient', [this.dy, this.y, address]);
  }
}

/** dy where y > 0, else 0, where y is what a ReLU returned. With `sums`, a bias gradient will ask for the channels' sums. */
export const reluGradient: SimdKernel = {
  kernelName: 'SimdReluGradient',
  run({
    inputs: { dy, from: y },
    attrs,
    backend,
  }: KernelCall<{ dy: tf.TensorInfo; from: tf.TensorInfo }, { sums?: boolean } | undefined>) {
    if (!areFloats(dy, y)) return undefined;
    const statistics = statisticsOf.get(y.dataId);
    if (statistics)
      return backend.deferred(y.shape, new RectifiedGradient(backend, snapshot(dy), snapshot(y), statistics));
    const dx = backend.output(y.shape);
    const { rows, channels, alone } = rowsOf(y);
    if (!attrs?.sums || channels % 4 !== 0)
      runActivationGradient(backend, 'reluGradient', [dy, y, dx.address]);
    else {
      const { threads } = backend;
      const parts = threads.ask('rowParts', rows, channels);
      backend.scratch(8 * parts * channels, (address) => {
        const [given, from] = [dy, y].map((tensor) => backend.address(tensor));
        threads.run('reluGradientSums', [given, from, dx.address, rows, channels, parts, address], { alone });
        knowChannelSums(backend, dx, { address, parts, channels });
      });
    }
    return dx;
  },
};
