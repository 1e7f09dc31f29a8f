import * as tf from '@tensorflow/tfjs';
import { createActivation } from '../keras/activations.js';
import { addWeight, convOutputLength, KerasLayer, pick, singleShape, type Shape } from './keras-layer.js';

export interface ConvolutionOptions {
  kind: 'grouped' | 'depthwise' | 'causal' | 'transposed' | 'separable';
  /** 1 for sequences, 2 for images. */
  rank: 1 | 2;
  /** The number of output channels; 0 for a depthwise convolution, where it follows from the input. */
  filters: number;
  /** This and the next two: a value per axis. */
  kernelSize: number[];
  strides: number[];
  dilationRate: number[];
  padding: 'valid' | 'same' | 'causal';
  groups: number;
  /** The outputs per input channel of a depthwise convolution. */
  depthMultiplier: number;
  useBias: boolean;
  activation: string;
}

const OPTIONS = [
  'kind',
  'rank',
  'filters',
  'kernelSize',
  'strides',
  'dilationRate',
  'padding',
  'groups',
  'depthMultiplier',
  'useBias',
  'activation',
] as const;

type Size2D = [height: number, width: number];
type Shape4D = [number, number, number, number];

/**
 * The convolutions of Keras that TensorFlow.js lacks: grouped, dilated depthwise, and, for sequences, causal,
 * transposed, depthwise and separable convolutions. A sequence is computed as an image of height 1. Kernels
 * have the shapes of Keras.
 */
export class Convolution extends KerasLayer<ConvolutionOptions> {
  static className = 'KerasConvolution';
  private kernel?: tf.LayerVariable;
  private pointwise?: tf.LayerVariable;
  private bias?: tf.LayerVariable;
  /** Built-in layers have a property of the same name, which @convlens/activations reads. */
  activation = createActivation(this.options.activation);

  protected pickOptions(config: ConvolutionOptions): ConvolutionOptions {
    return pick(config, OPTIONS);
  }

  override build(input: Shape | Shape[]): void {
    const { kind, kernelSize, filters, depthMultiplier, useBias, rank } = this.options;
    const channels = singleShape(input).at(-1)!;
    const initializer = 'glorotUniform';
    const name = kind === 'separable' || kind === 'depthwise' ? 'depthwise_kernel' : 'kernel';
    const shape = [...kernelSize, ...this.kernelChannels(channels)];
    this.kernel = addWeight(this, name, { shape, initializer });
    if (kind === 'separable') {
      const pointwiseSize = Array.from({ length: rank }, () => 1);
      const pointwiseShape = [...pointwiseSize, channels * depthMultiplier, filters];
      this.pointwise = addWeight(this, 'pointwise_kernel', { shape: pointwiseShape, initializer });
    }
    if (useBias) this.bias = addWeight(this, 'bias', { shape: [this.outputChannels(channels)] });
    super.build(input);
  }

  /** The last two dimensions of the kernel. */
  private kernelChannels(channels: number): [number, number] {
    const { kind, filters, groups, depthMultiplier } = this.options;
    if (kind === 'depthwise' || kind === 'separable') return [channels, depthMultiplier];
    return kind === 'transposed' ? [filters, channels] : [channels / groups, filters];
  }

  private outputChannels(channels: number): number {
    return this.options.kind === 'depthwise' ? channels * this.options.depthMultiplier : this.options.filters;
  }

  protected override inferShape(input: Shape): Shape {
    const sizes = input.slice(1, -1).map((size, axis) => this.outputLength(size, axis));
    return [input[0], ...sizes, this.outputChannels(input.at(-1)!)];
  }

  private outputLength(size: number | null, axis: number): number | null {
    const { kind, padding } = this.options;
    const kernelSize = this.options.kernelSize[axis];
    const stride = this.options.strides[axis];
    const dilation = this.options.dilationRate[axis];
    if (kind !== 'transposed') return convOutputLength(size, { kernelSize, stride, dilation, padding });
    if (size === null) return null;
    return size * stride + (padding === 'valid' ? Math.max(kernelSize - stride, 0) : 0);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const isSequence = this.options.rank === 1;
    const image = (isSequence ? tf.expandDims(x, 1) : x) as tf.Tensor4D;
    const y = this.convolve(image, this.inferShape(x.shape) as number[]);
    const output: tf.Tensor = isSequence ? tf.squeeze(y, [1]) : y;
    return this.activation.apply(this.bias ? tf.add(output, this.bias.read()) : output);
  }

  /**
   * Applies the kernels to an image. `outputShape` is that of the layer, which for a sequence has one axis
   * less.
   */
  private convolve(x: tf.Tensor4D, outputShape: number[]): tf.Tensor {
    const { kind, padding, groups } = this.options;
    const stride = this.size2d(this.options.strides);
    const dilation = this.size2d(this.options.dilationRate);
    const kernel = this.kernel2d(this.kernel!);
    const tfPadding = padding === 'causal' ? 'valid' : padding;
    switch (kind) {
      case 'depthwise':
        return tf.depthwiseConv2d(x, kernel, stride, tfPadding, 'NHWC', dilation);
      case 'separable': {
        const pointwise = this.kernel2d(this.pointwise!);
        return tf.separableConv2d(x, kernel, pointwise, stride, tfPadding, dilation, 'NHWC');
      }
      case 'transposed':
        return tf.conv2dTranspose(x, kernel, this.shape2d(outputShape), stride, tfPadding);
      case 'causal':
        return tf.conv2d(this.padBefore(x), kernel, stride, 'valid', 'NHWC', dilation);
      case 'grouped':
        return convolveGroups(x, kernel, groups, (part, partKernel) =>
          tf.conv2d(part, partKernel, stride, tfPadding, 'NHWC', dilation),
        );
    }
  }

  private size2d(values: number[]): Size2D {
    return this.options.rank === 1 ? [1, values[0]] : (values as Size2D);
  }

  private shape2d([batch, ...rest]: number[]): Shape4D {
    return (this.options.rank === 1 ? [batch, 1, ...rest] : [batch, ...rest]) as Shape4D;
  }

  private kernel2d(weight: tf.LayerVariable): tf.Tensor4D {
    return (this.options.rank === 1 ? tf.expandDims(weight.read(), 0) : weight.read()) as tf.Tensor4D;
  }

  /** Pads a sequence at its beginning, so that no output depends on later steps. */
  private padBefore(x: tf.Tensor4D): tf.Tensor4D {
    const { kernelSize, dilationRate } = this.options;
    const before = (kernelSize[0] - 1) * dilationRate[0];
    const noPadding: [number, number] = [0, 0];
    return tf.pad4d(x, [noPadding, noPadding, [before, 0], noPadding]);
  }
}

/** Convolves each group of input channels with its part of the filters. */
function convolveGroups(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  groups: number,
  convolve: (x: tf.Tensor4D, kernel: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor {
  // The gradient of tf.split into one part throws.
  if (groups === 1) return convolve(x, kernel);
  const inputs = tf.split<tf.Tensor4D>(x, groups, 3);
  const kernels = tf.split<tf.Tensor4D>(kernel, groups, 3);
  return tf.concat(
    inputs.map((input, group) => convolve(input, kernels[group])),
    3,
  );
}
