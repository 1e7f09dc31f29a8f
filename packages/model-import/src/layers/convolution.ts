import * as tf from '@tensorflow/tfjs';
import { activationObject } from '../activations.js';
import { addWeight, OwnLayer, windowed, type Shape } from './own-layer.js';

export interface ConvolutionOptions {
  kind: 'grouped' | 'depthwise' | 'causal' | 'transposed' | 'separable';
  /** 1 for sequences, 2 for images. */
  rank: 1 | 2;
  /** 0 for a depthwise one, whose number follows from its input. */
  filters: number;
  kernelSize: number[];
  strides: number[];
  dilationRate: number[];
  padding: 'valid' | 'same' | 'causal';
  groups: number;
  depthMultiplier: number;
  useBias: boolean;
  activation: string;
}

/**
 * The convolutions of Keras that TensorFlow.js has not: in groups, depthwise with a dilation, and of sequences causal,
 * transposed, depthwise and separable. A sequence is computed as an image that is one pixel high. Kernels have the
 * shapes that Keras gives them.
 */
export class Convolution extends OwnLayer<ConvolutionOptions> {
  static className = 'KerasConvolution';
  private kernel?: tf.LayerVariable;
  private pointwise?: tf.LayerVariable;
  private bias?: tf.LayerVariable;
  /** As the stock layers hold theirs, so that whoever looks for it finds it. */
  activation = activationObject(this.options.activation);

  protected read(config: ConvolutionOptions): ConvolutionOptions {
    const {
      kind,
      rank,
      filters,
      kernelSize,
      strides,
      dilationRate,
      padding,
      groups,
      depthMultiplier,
      useBias,
      activation,
    } = config;
    return {
      kind,
      rank,
      filters,
      kernelSize,
      strides,
      dilationRate,
      padding,
      groups,
      depthMultiplier,
      useBias,
      activation,
    };
  }

  private outputs(channels: number): number {
    return this.options.kind === 'depthwise' ? channels * this.options.depthMultiplier : this.options.filters;
  }

  override build(shape: Shape): void {
    const input = (Array.isArray(shape[0]) ? shape[0] : shape) as Shape;
    const { kind, kernelSize, filters, groups, depthMultiplier, useBias, rank } = this.options;
    const channels = input.at(-1)!;
    const initializer = 'glorotUniform' as const;
    const ends = {
      grouped: [channels / groups, filters],
      causal: [channels, filters],
      transposed: [filters, channels],
      depthwise: [channels, depthMultiplier],
      separable: [channels, depthMultiplier],
    }[kind];
    const name = kind === 'separable' || kind === 'depthwise' ? 'depthwise_kernel' : 'kernel';
    this.kernel = addWeight(this, name, { shape: [...kernelSize, ...ends], initializer });
    if (kind === 'separable') {
      const ones = Array.from({ length: rank }, () => 1);
      const pointwise = [...ones, channels * depthMultiplier, filters];
      this.pointwise = addWeight(this, 'pointwise_kernel', { shape: pointwise, initializer });
    }
    if (useBias) this.bias = addWeight(this, 'bias', { shape: [this.outputs(channels)] });
    super.build(shape);
  }

  protected shapeOf(input: Shape): Shape {
    const { kind, kernelSize, strides, dilationRate, padding } = this.options;
    const sizes = input.slice(1, -1).map((size, i) => {
      const [kernel, stride, dilation] = [kernelSize[i], strides[i], dilationRate[i]];
      if (kind !== 'transposed') return windowed(size, { kernel, stride, dilation, padding });
      return size === null ? null : size * stride + (padding === 'valid' ? Math.max(kernel - stride, 0) : 0);
    });
    return [input[0], ...sizes, this.outputs(input.at(-1)!)];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const sequence = this.options.rank === 1;
    const image = (sequence ? tf.expandDims(x, 1) : x) as tf.Tensor4D;
    const y = this.convolve(image, this.shapeOf(x.shape) as number[]);
    const flat: tf.Tensor = sequence ? tf.squeeze(y, [1]) : y;
    return this.activation.apply(this.bias ? tf.add(flat, this.bias.read()) : flat);
  }

  private convolve(x: tf.Tensor4D, shape: number[]): tf.Tensor {
    const { kind, strides, dilationRate, padding, kernelSize, groups, rank } = this.options;
    const pair = (values: number[]) => (rank === 1 ? [1, values[0]] : values) as [number, number];
    const image = (weight: tf.LayerVariable) =>
      (rank === 1 ? tf.expandDims(weight.read(), 0) : weight.read()) as tf.Tensor4D;
    const [stride, dilation] = [pair(strides), pair(dilationRate)];
    const kernel = image(this.kernel!);
    const same = padding === 'causal' ? 'valid' : padding;
    if (kind === 'depthwise') return tf.depthwiseConv2d(x, kernel, stride, same, 'NHWC', dilation);
    if (kind === 'separable')
      return tf.separableConv2d(x, kernel, image(this.pointwise!), stride, same, dilation, 'NHWC');
    if (kind === 'transposed') {
      const whole = (rank === 1 ? [shape[0], 1, ...shape.slice(1)] : shape) as [
        number,
        number,
        number,
        number,
      ];
      return tf.conv2dTranspose(x, kernel, whole, stride, same);
    }
    if (kind === 'causal') {
      const before = (kernelSize[0] - 1) * dilationRate[0];
      return tf.conv2d(
        tf.pad4d(x, [
          [0, 0],
          [0, 0],
          [before, 0],
          [0, 0],
        ]),
        kernel,
        stride,
        'valid',
        'NHWC',
        dilation,
      );
    }
    // The gradient of a split into one part throws in TensorFlow.js.
    if (groups === 1) return tf.conv2d(x, kernel, stride, same, 'NHWC', dilation);
    const [inputs, kernels] = [x, kernel].map((whole) => tf.split(whole, groups, 3));
    return tf.concat(
      inputs.map(
        (part, i) =>
          tf.conv2d(
            part as tf.Tensor4D,
            kernels[i] as tf.Tensor4D,
            stride,
            same,
            'NHWC',
            dilation,
          ) as tf.Tensor,
      ),
      3,
    );
  }
}
