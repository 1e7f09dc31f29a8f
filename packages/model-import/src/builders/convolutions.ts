import * as tf from '@tensorflow/tfjs';
import type { LayerOptions } from '../keras/layer-options.js';
import { Convolution, type ConvolutionOptions } from '../layers/convolution.js';
import type { Builder, Builders, LayerFactory } from './builder.js';

const PADDINGS = ['valid', 'same', 'causal'] as const;

type Kind = ConvolutionOptions['kind'];
type Rank = ConvolutionOptions['rank'];

/**
 * `builtIn` creates the layer of TensorFlow.js, if there is one. It is used where it computes the same as
 * Keras.
 */
const convolution =
  (kind: Kind, rank: Rank, builtIn?: LayerFactory): Builder =>
  (options, [input]) => {
    const convolutionOptions = readOptions(options, kind, rank);
    expectSupported(options, convolutionOptions, input);
    if (kind === 'transposed') expectOutputShape(options, convolutionOptions, input);
    if (builtIn && isBuiltIn(convolutionOptions))
      return builtIn(builtInConfig(options, convolutionOptions) as never);
    const isCausal = convolutionOptions.padding === 'causal';
    return new Convolution({ ...options.common, ...convolutionOptions, kind: isCausal ? 'causal' : kind });
  };

function readOptions(options: LayerOptions, kind: Kind, rank: Rank): ConvolutionOptions {
  options.expectUnused('output_padding');
  return {
    kind,
    rank,
    filters: kind === 'depthwise' ? 0 : options.integer('filters'),
    kernelSize: options.integers('kernel_size', rank),
    strides: options.integers('strides', rank, 1),
    dilationRate: options.integers('dilation_rate', rank, 1),
    padding: options.oneOf('padding', PADDINGS, 'valid'),
    groups: options.integer('groups', 1),
    depthMultiplier: options.integer('depth_multiplier', 1),
    useBias: options.boolean('use_bias', true),
    activation: options.activation(),
  };
}

const isDilated = ({ dilationRate }: Pick<ConvolutionOptions, 'dilationRate'>) =>
  dilationRate.some((rate) => rate > 1);

/** Refuses combinations of options that are not supported. */
function expectSupported(
  options: LayerOptions,
  convolutionOptions: ConvolutionOptions,
  input: tf.Shape | undefined,
): void {
  const { kind, rank, padding, groups, filters, dilationRate } = convolutionOptions;
  if (kind === 'transposed' && isDilated(convolutionOptions))
    options.fail(`dilation_rate ${dilationRate}, which is not supported`);
  if (padding === 'causal' && (rank !== 1 || kind !== 'grouped'))
    options.fail('padding "causal", which is not supported');
  if (groups === 1) return;
  const channels = input?.at(-1);
  if (!channels || channels % groups || filters % groups)
    options.fail(`${groups} groups, which do not divide ${channels} channels into ${filters} filters`);
  if (rank === 1) options.fail(`${groups} groups, which are not supported for sequences`);
}

/** Keras 1 lets the user choose among the output shapes that a transposed convolution can have. */
function expectOutputShape(
  options: LayerOptions,
  { kernelSize, strides, padding }: ConvolutionOptions,
  input: tf.Shape | undefined,
): void {
  const declared = options.value('output_shape');
  if (!Array.isArray(declared)) return;
  const sizes = strides.map((stride, axis) => {
    const size = input?.[axis + 1];
    return size && size * stride + (padding === 'valid' ? Math.max(kernelSize[axis] - stride, 0) : 0);
  });
  if (declared.slice(1, -1).join() !== sizes.join())
    options.fail(`output_shape ${JSON.stringify(declared)}, of which only ${sizes.join(' x ')} is supported`);
}

/** Whether the layer of TensorFlow.js computes the same, also after it is saved and loaded. */
function isBuiltIn(options: ConvolutionOptions): boolean {
  const { kind, padding, groups, depthMultiplier } = options;
  const isDilatedDepthwise = kind === 'depthwise' && isDilated(options);
  const losesMultiplierOnSave = kind === 'separable' && depthMultiplier > 1;
  return groups === 1 && padding !== 'causal' && !isDilatedDepthwise && !losesMultiplierOnSave;
}

/** TensorFlow.js refuses a dilation rate with strides, even a rate of 1. */
function builtInConfig({ common }: LayerOptions, { dilationRate, ...rest }: ConvolutionOptions): object {
  return { ...common, ...rest, ...(isDilated({ dilationRate }) && { dilationRate }) };
}

const { conv1d, conv2d, conv2dTranspose, depthwiseConv2d, separableConv2d } = tf.layers;

export const convolutions: Builders = {
  Conv1D: convolution('grouped', 1, conv1d as LayerFactory),
  Conv1DTranspose: convolution('transposed', 1),
  Conv2D: convolution('grouped', 2, conv2d as LayerFactory),
  Conv2DTranspose: convolution('transposed', 2, conv2dTranspose as LayerFactory),
  DepthwiseConv1D: convolution('depthwise', 1),
  DepthwiseConv2D: convolution('depthwise', 2, depthwiseConv2d as LayerFactory),
  SeparableConv1D: convolution('separable', 1),
  SeparableConv2D: convolution('separable', 2, separableConv2d as LayerFactory),
};
