import * as tf from '@tensorflow/tfjs';
import { registerGradient } from '@convlens/tfjs-gradients';
import { areFloats, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads/float-bits.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';
import { activeBackend, gradientDepth } from './active-backend.js';

interface Inputs {
  dy: tf.TensorInfo;
  /** x or y, whichever the gradient is computed from. */
  saved: tf.TensorInfo;
}

/** Dispatches a kernel of assembly/fusions/activation-gradients.ts; `dx` is an address. */
export function runActivationGradient(
  backend: SimdBackend,
  kernel: string,
  { dy, saved, dx, alpha = 0 }: Inputs & { dx: number; alpha?: number },
): void {
  const length = tf.util.sizeFromShape(saved.shape);
  const args = [backend.address(dy), backend.address(saved), dx, length, floatBits(alpha)];
  backend.threadPool.dispatch(kernel, args, { serial: length < MIN_PARALLEL_SIZE });
}

const activationGradient = (kernelName: string, kernel: string): SimdKernel => ({
  kernelName,
  run({ inputs: { dy, saved }, attrs, backend }: KernelCall<Inputs, { alpha?: number } | undefined>) {
    if (!areFloats(dy, saved) || !tf.util.arraysEqual(dy.shape, saved.shape)) return undefined;
    const dx = backend.output(saved.shape);
    runActivationGradient(backend, kernel, { dy, saved, dx: dx.address, alpha: attrs?.alpha });
    return dx;
  },
});

export const ACTIVATION_GRADIENTS: readonly SimdKernel[] = [
  activationGradient('SimdRelu6Gradient', 'relu6Gradient'),
  activationGradient('SimdLeakyReluGradient', 'leakyReluGradient'),
  activationGradient('SimdSigmoidGradient', 'sigmoidGradient'),
  activationGradient('SimdTanhGradient', 'tanhGradient'),
];

/**
 * Replaces the gradients of activation functions by kernels that make one pass, where `simd` is active and no
 * second-order gradient is recorded. TensorFlow.js composes them of up to four kernels.
 */
export function fuseActivationGradients(): void {
  // The ReLU mask can be read from y, so y is saved instead of x: the next layer keeps y anyway.
  fuseGradient('Relu', { gradient: 'SimdReluGradient', savesOutput: true });
  fuseGradient('Relu6', { gradient: 'SimdRelu6Gradient' });
  fuseGradient('LeakyRelu', { gradient: 'SimdLeakyReluGradient' });
  fuseGradient('Sigmoid', { gradient: 'SimdSigmoidGradient' });
  fuseGradient('Tanh', { gradient: 'SimdTanhGradient' });
}

/**
 * Replaces the gradient of a kernel that saves one tensor. `savesOutput`: y, else the tensor that
 * TensorFlow.js saves.
 */
function fuseGradient(
  kernelName: string,
  { gradient, savesOutput = false }: { gradient: string; savesOutput?: boolean },
): void {
  const original = tf.getGradient(kernelName);
  // A second-order gradient cannot be traced back to x from a saved output.
  const isOutputSaved = () => savesOutput && activeBackend() && gradientDepth() === 1;
  registerGradient({
    kernelName,
    get inputsToSave() {
      return isOutputSaved() ? [] : original.inputsToSave;
    },
    get outputsToSave() {
      return isOutputSaved() ? [true] : original.outputsToSave;
    },
    gradFunc(dy, saved, attrs) {
      if (!activeBackend() || gradientDepth() > 0) return original.gradFunc(dy, saved, attrs);
      const inputs = { dy: dy as tf.Tensor, saved: saved[0] };
      return { x: () => tf.engine().runKernel(gradient, inputs, attrs) as tf.Tensor };
    },
  });
}
