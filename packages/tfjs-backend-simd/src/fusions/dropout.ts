import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads/float-bits.js';
import { MIN_PARALLEL_SIZE_COSTLY } from '../threads/parallel-size.js';
import { activeBackend } from './active-backend.js';
import { fuseLayer } from './fuse-layer.js';

interface Attributes {
  rate: number;
  /** Two 32-bit integers that determine the mask (a counter-based generator: key and index of the value). */
  keys: readonly [number, number];
}

/** x / (1 - rate) where kept, else 0 x. The gradient is the same kernel with the same keys on dy. */
export const dropout: SimdKernel = {
  kernelName: 'SimdDropout',
  run({ inputs, attrs: { rate, keys }, backend }: KernelCall<{ x: tf.TensorInfo }, Attributes>) {
    if (!areFloats(inputs.x)) return undefined;
    const { shape } = inputs.x;
    const length = tf.util.sizeFromShape(shape);
    const x = backend.address(inputs.x);
    const y = backend.output(shape);
    const threshold = Math.min(2 ** 32 - 1, Math.round(rate * 2 ** 32));
    const args = [x, y.address, length, threshold, floatBits(1 / (1 - rate)), ...keys];
    backend.threadPool.dispatch('dropout', args, { serial: length < MIN_PARALLEL_SIZE_COSTLY });
    return y;
  },
};

interface Dropout {
  rate: number;
  noiseShape?: number[];
  seed?: number;
  invokeCallHook(inputs: tf.Tensor | tf.Tensor[], kwargs: object): void;
}

/**
 * Runs the layer Dropout (Srivastava et al., 2014) in training as one kernel forward and one backward where
 * `simd` is active. As in TensorFlow.js, a layer with a seed samples the same mask at every step, and one
 * without a seed another mask at each step and in each process. The masks differ from those of TensorFlow.js.
 */
export function fuseDropout(): void {
  tf.registerGradient({
    kernelName: 'SimdDropout',
    gradFunc: (dy, _, attrs) => ({
      x: () => tf.engine().runKernel('SimdDropout', { x: dy as tf.Tensor }, attrs) as tf.Tensor,
    }),
  });
  let processKey: number | undefined;
  let calls = 0;
  fuseLayer<Dropout>('Dropout', (layer, { x, inputs, kwargs }) => {
    const { rate, noiseShape, seed } = layer;
    if (!activeBackend() || !kwargs?.training || noiseShape) return undefined;
    if (!(rate > 0 && rate < 1) || x.dtype !== 'float32') return undefined;
    layer.invokeCallHook(inputs, kwargs);
    // Sampled once per process, with the generator of TensorFlow.js.
    processKey ??= tf.tidy(() => tf.randomUniform([1], 0, 2 ** 31, 'int32').dataSync()[0]);
    const keys = seed ? [seed | 0, floatBits(seed)] : [processKey, ++calls | 0];
    return tf.engine().runKernel('SimdDropout', { x }, { rate, keys }) as tf.Tensor;
  });
}
