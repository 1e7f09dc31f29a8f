import type * as tf from '@tensorflow/tfjs';

/** An activation as a layer holds it. */
export interface LayerActivation {
  getClassName(): string;
  apply(x: tf.Tensor): tf.Tensor;
}

/** What TensorFlow.js keeps in its layers but does not declare. */
export interface LayerInternals {
  activation?: LayerActivation;
  kernel?: tf.LayerVariable;
  bias?: tf.LayerVariable | null;
  axis?: number;
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

// Classes of @convlens/model-import stand beside the stock ones: they are known by their names, so that neither package
// needs the other.
const CONVOLUTIONS = ['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D', 'Conv2DTranspose'];
const RELU_LAYERS = ['ReLU', 'LeakyReLU', 'PReLU', 'ThresholdedReLU', 'ELU', 'GeneralReLU', 'ScaledELU'];
const RELU_ACTIVATIONS = ['relu', 'relu6', 'elu', 'leakyRelu'];
const SQUASHING = ['softmax', 'sigmoid'];

/** The name of the activation inside a layer, such as "relu"; "linear" if it has none. */
export const activationName = (layer: tf.layers.Layer) =>
  internals(layer).activation?.getClassName() ?? 'linear';

/** What tells of a convolution that TensorFlow.js has not. */
export interface KerasConvolution {
  readonly kind: string;
  readonly rank: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: string;
}

/** The settings of a two-dimensional convolution of @convlens/model-import; undefined of all other layers. */
export function kerasConvolution(layer: tf.layers.Layer): KerasConvolution | undefined {
  if (layer.getClassName() !== 'KerasConvolution') return undefined;
  const settings = layer.getConfig() as unknown as KerasConvolution;
  return settings.rank === 2 ? settings : undefined;
}

/** Whether the layer is a convolution of images. */
export const isConvolution = (layer: tf.layers.Layer) =>
  CONVOLUTIONS.includes(layer.getClassName()) || kerasConvolution(layer) !== undefined;

/** Whether the layer is a rectifier, rather than holding one. */
export const isReluLayer = (layer: tf.layers.Layer) => RELU_LAYERS.includes(layer.getClassName());

/** Whether the layer puts out what is above zero of what it reads, and no more: a plain ReLU as a layer of its own. */
export function isPlainRelu(layer: tf.layers.Layer): boolean {
  if (layer.getClassName() === 'Activation') return activationName(layer) === 'relu';
  const { maxValue } = layer as unknown as { maxValue?: number | null };
  return layer.getClassName() === 'ReLU' && (maxValue ?? undefined) === undefined;
}

/** Whether the layer holds a rectifier. */
export const holdsRelu = (layer: tf.layers.Layer) => RELU_ACTIVATIONS.includes(activationName(layer));

/** Whether the layer turns logits into probabilities, or holds what does. */
export const isSquashing = (layer: tf.layers.Layer) =>
  layer.getClassName() === 'Softmax' || SQUASHING.includes(activationName(layer));
