import * as tf from '@tensorflow/tfjs';
import type { Builder } from '../build-layer.js';
import type { Options } from '../layer-config.js';
import { Convolution, type ConvolutionOptions } from '../layers/convolution.js';

const PADDINGS = ['valid', 'same', 'causal'] as const;

/** Every length as many times as the rank asks, as Keras reads a single number. */
const lengths = (
  options: Options,
  key: string,
  { rank, fallback }: { rank: 1 | 2; fallback?: number },
): number[] => {
  const value = options.integers(key, rank, fallback);
  const list = Array.isArray(value) ? value : [value];
  return Array.from({ length: rank }, (_, i) => list[i] ?? list[0]);
};

function read(options: Options, kind: ConvolutionOptions['kind'], rank: 1 | 2): ConvolutionOptions {
  options.unused('output_padding');
  const depthwise = kind === 'depthwise';
  const whole = (key: string, fallback?: number) => options.integers(key, 1, fallback) as number;
  return {
    kind,
    rank,
    filters: depthwise ? 0 : whole('filters'),
    kernelSize: lengths(options, 'kernel_size', { rank }),
    strides: lengths(options, 'strides', { rank, fallback: 1 }),
    dilationRate: lengths(options, 'dilation_rate', { rank, fallback: 1 }),
    padding: options.oneOf('padding', PADDINGS, 'valid'),
    groups: whole('groups', 1),
    depthMultiplier: whole('depth_multiplier', 1),
    useBias: options.flag('use_bias', true),
    activation: options.activation(),
  };
}

type Stock = (config: never) => tf.layers.Layer;

/** The stock layer where it computes the same, one of ours where it does not. */
const convolution =
  (kind: ConvolutionOptions['kind'], rank: 1 | 2, stock?: Stock): Builder =>
  (options, [input]) => {
    const wanted = read(options, kind, rank);
    const { padding, groups, dilationRate } = wanted;
    const dilated = dilationRate.some((rate) => rate > 1);
    if (kind === 'transposed' && dilated)
      options.refuse(`dilation_rate ${dilationRate}, which cannot be built`);
    if (padding === 'causal' && (rank !== 1 || kind !== 'grouped'))
      options.refuse('padding "causal", which cannot be built');
    const channels = input?.at(-1);
    if (groups > 1 && (!channels || channels % groups || wanted.filters % groups))
      options.refuse(
        `${groups} groups, which do not divide ${channels} channels into ${wanted.filters} filters`,
      );
    // TensorFlow.js forgets the multiplier of a separable one when it saves it.
    const forgets = kind === 'separable' && wanted.depthMultiplier > 1;
    const isStock =
      stock && !forgets && groups === 1 && padding !== 'causal' && !(kind === 'depthwise' && dilated);
    const config = { ...options.common, ...wanted };
    if (!isStock) {
      if (groups > 1 && rank === 1) options.refuse(`${groups} groups, which cannot be built for sequences`);
      return new Convolution({ ...config, kind: padding === 'causal' ? 'causal' : kind });
    }
    // Layers of TensorFlow.js refuse a dilation beside a stride even where it is 1.
    const { dilationRate: rate, ...rest } = config;
    return stock((dilated ? { ...rest, dilationRate: rate } : rest) as never);
  };

const { conv1d, conv2d, conv2dTranspose, depthwiseConv2d, separableConv2d } = tf.layers;

export const convolutions: Readonly<Record<string, Builder>> = {
  Conv1D: convolution('grouped', 1, conv1d as Stock),
  Conv2D: convolution('grouped', 2, conv2d as Stock),
  Conv1DTranspose: convolution('transposed', 1),
  Conv2DTranspose: convolution('transposed', 2, conv2dTranspose as Stock),
  DepthwiseConv1D: convolution('depthwise', 1),
  DepthwiseConv2D: convolution('depthwise', 2, depthwiseConv2d as Stock),
  SeparableConv1D: convolution('separable', 1),
  SeparableConv2D: convolution('separable', 2, separableConv2d as Stock),
  Dense: (options) =>
    tf.layers.dense({
      ...options.common,
      units: options.integers('units', 1) as number,
      useBias: options.flag('use_bias', true),
      activation: options.activation(),
    }),
};
