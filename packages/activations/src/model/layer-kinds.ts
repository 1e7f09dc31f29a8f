import type * as tf from '@tensorflow/tfjs';
import { kindOf } from '../graph-model/graph-node.js';

/** The activation function in a layer. */
export interface LayerActivation {
  getClassName(): string;
  apply(x: tf.Tensor): tf.Tensor;
}

/** Fields of TensorFlow.js layers that its types do not declare. */
export interface LayerInternals {
  activation?: LayerActivation;
  kernel?: tf.LayerVariable;
  bias?: tf.LayerVariable | null;
  axis?: number | number[];
  epsilon?: number;
  gamma?: tf.LayerVariable;
  beta?: tf.LayerVariable;
  movingMean?: tf.LayerVariable;
  movingVariance?: tf.LayerVariable;
  kernelSize?: number | number[];
  poolSize?: number | number[];
  strides?: number | number[];
  dilationRate?: number | number[];
  padding?: unknown;
  cropping?: [[number, number], [number, number]];
}

export const internals = (layer: tf.layers.Layer) => layer as unknown as LayerInternals;

// Layer classes of @convlens/model-import are listed by name, so that neither package depends on the other.
const CONVOLUTIONS = ['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D', 'Conv2DTranspose'];
const RELU_LAYERS = ['ReLU', 'LeakyReLU', 'PReLU', 'ThresholdedReLU', 'ELU', 'GeneralReLU', 'ScaledELU'];
const RELU_ACTIVATIONS = ['relu', 'relu6', 'elu', 'leakyRelu'];
const NORMALIZATIONS = [
  ...['AxisBatchNormalization', 'BatchNormalization', 'GroupNormalization', 'LayerNormalization'],
  ...['LayerScale', 'RMSNormalization', 'UnitNormalization'],
];
const OUTPUT_ACTIVATIONS = ['softmax', 'sigmoid'];

/** The name of the activation function in a layer, such as "relu"; "linear" if it has none. */
export const activationName = (layer: tf.layers.Layer) =>
  internals(layer).activation?.getClassName() ?? 'linear';

/** The configuration of a Keras convolution that TensorFlow.js does not have. */
export interface KerasConvolution {
  readonly kind: string;
  readonly rank: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: string;
}

/** The configuration of a 2D convolution of @convlens/model-import; undefined for other layers. */
export function kerasConvolution(layer: tf.layers.Layer): KerasConvolution | undefined {
  if (layer.getClassName() !== 'KerasConvolution') return undefined;
  const config = layer.getConfig() as unknown as KerasConvolution;
  return config.rank === 2 ? config : undefined;
}

/** Whether the layer is a 2D convolution. */
export const isConvolution = (layer: tf.layers.Layer) =>
  CONVOLUTIONS.includes(kindOf(layer)) || kerasConvolution(layer) !== undefined;

/** Whether the layer normalizes or scales the channels of its input, and keeps their order. */
export const isNormalization = (layer: tf.layers.Layer) => NORMALIZATIONS.includes(kindOf(layer));

/** Whether the layer itself is a rectifier, such as a ReLU layer. */
export const isReluLayer = (layer: tf.layers.Layer) => RELU_LAYERS.includes(kindOf(layer));

/**
 * Whether the layer outputs max(0, x) and nothing else: a ReLU layer without options, or an Activation layer.
 */
export function isPlainRelu(layer: tf.layers.Layer): boolean {
  if (layer.getClassName() === 'Activation') return activationName(layer) === 'relu';
  const { maxValue } = layer as unknown as { maxValue?: number | null };
  return layer.getClassName() === 'ReLU' && (maxValue ?? undefined) === undefined;
}

/** Whether the activation function in the layer is a rectifier. */
export const hasReluActivation = (layer: tf.layers.Layer) => RELU_ACTIVATIONS.includes(activationName(layer));

/** Whether the layer is, or ends with, a softmax. */
export const isSoftmax = (layer: tf.layers.Layer) =>
  kindOf(layer) === 'Softmax' || activationName(layer) === 'softmax';

/** Whether the layer is, or ends with, a softmax or a sigmoid. */
export const isOutputActivation = (layer: tf.layers.Layer) =>
  ['Softmax', 'Sigmoid'].includes(kindOf(layer)) || OUTPUT_ACTIVATIONS.includes(activationName(layer));
