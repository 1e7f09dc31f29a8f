import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads.js';
import { activeBackend, gradientDepth } from './active-backend.js';

/** Below this many values, one thread is faster. */
const SMALL = 16_384;

/** Runs a kernel of assembly/activation-gradients.ts on (dy, what was saved, the address of dx). */
export function runActivationGradient(
  backend: SimdBackend,
  kernel: string,
  [dy, from, dx]: readonly [tf.TensorInfo, tf.TensorInfo, number],
  alpha = 0,
): void {
  const length = tf.util.sizeFromShape(from.shape);
  const args = [backend.address(dy), backend.address(from), dx, length, floatBits(alpha)];
  backend.threads.run(kernel, args, { alone: length < SMALL });
}

const activationGradient = (kernelName: string, kernel: string): SimdKernel => ({
  kernelName,
  run({ inputs: { dy, from }, attrs, backend }: KernelCall<Inputs, { alpha?: number } | undefined>) {
    if (!areFloats(dy, from)) return undefined;
    const dx = backend.output(from.shape);
    runActivationGradient(backend, kernel, [dy, from, dx.address], attrs?.alpha);
    return dx;
  },
});

interface Inputs {
  dy: tf.TensorInfo;
  from: tf.TensorInfo;
}

export const ACTIVATION_GRADIENTS: readonly SimdKernel[] = [
  activationGradient('SimdRelu6Gradient', 'relu6Gradient'),
  activationGradient('SimdLeakyReluGradient', 'leakyReluGradient'),
  activationGradient('SimdSigmoidGradient', 'sigmoidGradient'),
  activationGradient('SimdTanhGradient', 'tanhGradient'),
];

/**
 * Replaces the gradients of activations, which TensorFlow.js composes of up to four kernels, by kernels that make one pass,
 * where `simd` is active and no second gradient is recorded.
 */
export function fuseActivationGradients(): void {
  // ReLU passes where its result is positive, so the result is saved, which the next layer needs anyway.
  fuseGradient('Relu', { gradient: 'SimdReluGradient', saves: 'result' });
  fuseGradient('Relu6', { gradient: 'SimdRelu6Gradient' });
  fuseGradient('LeakyRelu', { gradient: 'SimdLeakyReluGradient' });
  fuseGradient('Sigmoid', { gradient: 'SimdSigmoidGradient' });
  fuseGradient('Tanh', { gradient: 'SimdTanhGradient' });
}

/** Replaces the gradient of a kernel that saves its only input, x, or its result. */
function fuseGradient(kernelName: string, { gradient, saves }: { gradient: string; saves?: 'result' }): void {
  const stock = tf.getGradient(kernelName);
  // A second gradient finds no way to x from a result that was saved.
  const savesResult = () => saves && activeBackend() && gradientDepth() === 1;
  tf.registerGradient({
    kernelName,
    get inputsToSave() {
      return savesResult() ? [] : stock.inputsToSave;
    },
    get outputsToSave() {
      return savesResult() ? [true] : stock.outputsToSave;
    },
    gradFunc(dy, saved, attrs) {
      if (!activeBackend() || gradientDepth() > 0) return stock.gradFunc(dy, saved, attrs);
      const [from] = saved;
      return { x: () => tf.engine().runKernel(gradient, { dy: dy as tf.Tensor, from }, attrs) as tf.Tensor };
    },
  });
}
