import * as tf from '@tensorflow/tfjs';
import { areFloats, OutOfMemory } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads.js';
import { activeBackend } from './active-backend.js';
import { fuseLayer } from './layer-class.js';

interface Attributes {
  rate: number;
  /** What the mask is a function of, with the index of a value: two 32-bit integers. */
  keys: readonly [number, number];
}

/** x / (1 - rate) where kept, else 0; its gradient is itself with the same keys. */
export const dropout: SimdKernel = {
  kernelName: 'SimdDropout',
  run({ inputs: { x }, attrs: { rate, keys }, backend }: KernelCall<{ x: tf.TensorInfo }, Attributes>) {
    if (!areFloats(x)) return undefined;
    const length = tf.util.sizeFromShape(x.shape);
    const from = backend.address(x);
    const y = backend.output(x.shape);
    const threshold = Math.min(2 ** 32 - 1, Math.round(rate * 2 ** 32));
    const args = [from, y.address, length, threshold, floatBits(1 / (1 - rate)), ...keys];
    backend.threads.run('dropout', args, { alone: length < 4096 });
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
 * Runs the layer Dropout (Srivastava et al., 2014) in training as one kernel each way where `simd` is active. As with
 * TensorFlow.js's own, a layer with a seed draws the same mask at every step, and one without draws another each time and
 * in each process; the masks are others than its own.
 */
export function fuseDropout(): void {
  tf.registerGradient({
    kernelName: 'SimdDropout',
    gradFunc: (dy, _, attrs) => ({
      x: () => tf.engine().runKernel('SimdDropout', { x: dy as tf.Tensor }, attrs) as tf.Tensor,
    }),
  });
  let drawn: number | undefined;
  let calls = 0;
  fuseLayer<Dropout>('Dropout', (layer, inputs, kwargs) => {
    const { rate, noiseShape, seed } = layer;
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    if (!activeBackend() || !kwargs?.training || noiseShape) return undefined;
    if (!(rate > 0 && rate < 1) || x.dtype !== 'float32') return undefined;
    try {
      layer.invokeCallHook(inputs, kwargs);
      // Drawn by TensorFlow.js's own generator, once.
      drawn ??= tf.tidy(() => tf.randomUniform([1], 0, 2 ** 31, 'int32').dataSync()[0]);
      const keys = seed ? [seed | 0, floatBits(seed)] : [drawn, ++calls | 0];
      return tf.engine().runKernel('SimdDropout', { x }, { rate, keys }) as tf.Tensor;
    } catch (error) {
      if (error instanceof OutOfMemory) return undefined;
      throw error;
    }
  });
}
