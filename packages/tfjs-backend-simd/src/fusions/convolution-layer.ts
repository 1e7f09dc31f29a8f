import * as tf from '@tensorflow/tfjs';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { convInfoOf, fusedConv2d, type ConvAttributes, type FusedInputs } from '../kernels/conv2d.js';
import { activeBackend, gradientDepth } from './active-backend.js';
import { fuseLayer, type LayerCall } from './fuse-layer.js';

const convolution = (kernelName: string, activation: 'linear' | 'relu'): SimdKernel => ({
  kernelName,
  run({ inputs, attrs, backend }: KernelCall<FusedInputs, ConvAttributes>) {
    return fusedConv2d.run({ inputs, attrs: { ...attrs, activation }, backend } as KernelCall<never, never>);
  },
});

/** FusedConv2D under names with registered gradients. */
export const TRAINING_CONVOLUTIONS: readonly SimdKernel[] = [
  convolution('SimdConv2D', 'linear'),
  convolution('SimdRectifiedConv2D', 'relu'),
];

/** The kernel that computes the layer with this activation, by the activation's class name. */
const KERNEL_BY_ACTIVATION: Record<string, string> = { linear: 'SimdConv2D', relu: 'SimdRectifiedConv2D' };

interface Conv2D {
  activation?: { getClassName(): string };
  bias?: { read(): tf.Variable } | null;
  kernel: { read(): tf.Variable };
  strides: [number, number];
  padding: 'valid' | 'same';
  dataFormat: 'channelsFirst' | 'channelsLast';
  dilationRate: number | number[];
}

/**
 * Runs the layer Conv2D with linear or ReLU activation as one kernel in training, where `simd` is active.
 * TensorFlow.js runs convolution, bias and ReLU as three kernels, each a pass over memory, and saves tensors
 * that the gradient does not need.
 */
export function fuseConvolutionLayer(): void {
  registerConvolutionGradient('SimdConv2D', { isRectified: false });
  registerConvolutionGradient('SimdRectifiedConv2D', { isRectified: true });
  fuseLayer<Conv2D>('Conv2D', callConv2d);
}

function callConv2d(layer: Conv2D, { x }: LayerCall): tf.Tensor | undefined {
  const { activation, dataFormat, dilationRate, strides, padding } = layer;
  const kernel = KERNEL_BY_ACTIVATION[activation?.getClassName() ?? 'linear'];
  if (!kernel || !activeBackend() || gradientDepth() !== 1) return undefined;
  if (dataFormat === 'channelsFirst' || [dilationRate].flat().some((rate) => rate !== 1)) return undefined;
  if (x.dtype !== 'float32' || x.rank !== 4 || x.size === 0) return undefined;
  const [filter, bias] = [layer.kernel.read(), layer.bias?.read()];
  const attributes = { strides, pad: padding, dataFormat: 'NHWC' as const, dilations: 1 };
  if (!convInfoOf(x.shape, filter.shape, attributes)) return undefined;
  const inputs = { x, filter, ...(bias && { bias }) };
  return tf.engine().runKernel(kernel, inputs, attributes) as tf.Tensor;
}

function registerConvolutionGradient(kernelName: string, { isRectified }: { isRectified: boolean }): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: ['x', 'filter'],
    outputsToSave: [isRectified],
    gradFunc(outputGradient, [x, filter, y], attrs) {
      const run = (name: string, inputs: tf.NamedTensorMap, attributes: object) =>
        tf.engine().runKernel(name, inputs, { ...attrs, ...attributes }) as tf.Tensor;
      const dy = isRectified
        ? run('SimdReluGradient', { dy: outputGradient as tf.Tensor, saved: y }, { sums: true })
        : (outputGradient as tf.Tensor);
      return {
        x: () => run('Conv2DBackpropInput', { dy, filter }, { inputShape: x.shape }),
        filter: () => run('Conv2DBackpropFilter', { x, dy }, { filterShape: filter.shape }),
        bias: () => tf.sum(dy, [0, 1, 2]),
      };
    },
  });
}
