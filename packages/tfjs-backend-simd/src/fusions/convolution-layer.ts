import * as tf from '@tensorflow/tfjs';
import { OutOfMemory } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { fusedConv2d, geometryOf, type ConvAttributes, type FusedInputs } from '../kernels/conv2d.js';
import { activeBackend, gradientDepth } from './active-backend.js';
import { fuseLayer } from './layer-class.js';

const convolution = (kernelName: string, activation: 'linear' | 'relu'): SimdKernel => ({
  kernelName,
  run({ inputs, attrs, backend }: KernelCall<FusedInputs, ConvAttributes>) {
    return fusedConv2d.run({ inputs, attrs: { ...attrs, activation }, backend } as KernelCall<never, never>);
  },
});

/** FusedConv2D with gradients of their own. */
export const TRAINED_CONVOLUTIONS: readonly SimdKernel[] = [
  convolution('SimdConv2D', 'linear'),
  convolution('SimdRectifiedConv2D', 'relu'),
];

interface Conv2D {
  activation?: { getClassName(): string };
  bias?: { read(): tf.Variable } | null;
  kernel: { read(): tf.Variable };
  strides: [number, number];
  padding: 'valid' | 'same';
  dataFormat: 'channelsFirst' | 'channelsLast';
  dilationRate: number | number[];
}

/** What the layer's activations are called where it has one that is computed along. */
const KERNEL_OF: Record<string, string> = { linear: 'SimdConv2D', relu: 'SimdRectifiedConv2D' };

/**
 * Runs the layer Conv2D, with no activation or ReLU, as one kernel in training too, where `simd` is active. TensorFlow.js
 * makes three of one with a ReLU, so that bias and ReLU cost a pass each, and saves more tensors than the gradient reads.
 */
export function fuseConvolutionLayer(): void {
  registerConvolutionGradient('SimdConv2D', false);
  registerConvolutionGradient('SimdRectifiedConv2D', true);
  fuseLayer<Conv2D>('Conv2D', (layer, inputs) => {
    const { activation, dataFormat, dilationRate, strides, padding } = layer;
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const kernel = KERNEL_OF[activation?.getClassName() ?? 'linear'];
    if (!kernel || !activeBackend() || gradientDepth() !== 1) return undefined;
    if (dataFormat === 'channelsFirst' || [dilationRate].flat().some((rate) => rate !== 1)) return undefined;
    if (x.dtype !== 'float32' || x.rank !== 4 || x.size === 0) return undefined;
    const [filter, bias] = [layer.kernel.read(), layer.bias?.read()];
    const attributes = { strides, pad: padding, dataFormat: 'NHWC' as const, dilations: 1 };
    if (!geometryOf(x.shape, filter.shape, attributes)) return undefined;
    const tensors = { x, filter, ...(bias && { bias }) };
    try {
      return tf.engine().runKernel(kernel, tensors, attributes) as tf.Tensor;
    } catch (error) {
      if (error instanceof OutOfMemory) return undefined;
      throw error;
    }
  });
}

function registerConvolutionGradient(kernelName: string, isRectified: boolean): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: ['x', 'filter'],
    outputsToSave: [isRectified],
    gradFunc(given, [x, filter, y], attrs) {
      const run = (name: string, inputs: tf.NamedTensorMap, more: object) =>
        tf.engine().runKernel(name, inputs, { ...attrs, ...more }) as tf.Tensor;
      const dy = isRectified
        ? run('SimdReluGradient', { dy: given as tf.Tensor, from: y }, { sums: true })
        : (given as tf.Tensor);
      return {
        x: () => run('Conv2DBackpropInput', { dy, filter }, { inputShape: x.shape }),
        filter: () => run('Conv2DBackpropFilter', { x, dy }, { filterShape: filter.shape }),
        bias: () => tf.sum(dy, [0, 1, 2]),
      };
    },
  });
}
