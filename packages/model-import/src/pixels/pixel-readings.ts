import * as tf from '@tensorflow/tfjs';
import type { NormalizationOptions } from '../layers/normalization.js';

/** Pixels p as scale * p + offset, with one value for all channels or a value per channel or pixel. */
export interface ScaledPixels {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  /** The same before the last layer that scaled. */
  readonly before?: ScaledPixels;
}

/** What a tensor holds: pixels, scaled in one or, behind a concatenation, in several ways. Anything else is an empty list. */
type TensorPixels = readonly ScaledPixels[];

const PIXELS: TensorPixels = [{ scale: [1], offset: [0] }];

/** Layers whose outputs are the values of their inputs, at other positions or averaged: in inference, some change nothing. */
const KEEPING_SCALE = new Set([
  'AlphaDropout',
  'AveragePooling2D',
  'Cropping1D',
  'Cropping2D',
  'Dropout',
  'Flatten',
  'GaussianDropout',
  'GaussianNoise',
  'InputLayer',
  'MaxPooling2D',
  'Permute',
  'RepeatVector',
  'Reshape',
  'ResizeImages',
  'Resizing',
  'SelectChannels',
  'SpatialDropout1D',
  'UpSampling1D',
  'UpSampling2D',
  'ZeroPadding1D',
  'ZeroPadding2D',
]);

/** Layers that put their inputs side by side. */
const JOINING = new Set(['Concatenate', 'StackTensors']);

/**
 * The scaled pixels that the layers of a model read which compute anything but a scale and an offset. Layers that scale pixels or
 * leave them as they are, such as augmentation in inference, are followed, also into nested models and through branches.
 */
export function pixelReadings(model: tf.LayersModel): ScaledPixels[] {
  const readings: ScaledPixels[] = [];
  const isOnly = model.inputs.length === 1;
  const inputs = model.inputs.map(({ shape }) => (isOnly || isImageShape(shape) ? PIXELS : []));
  const outputs = evaluateModel(model, inputs, readings);
  return [...readings, ...outputs.flat()];
}

/** Batch, height, width and 1 (gray) to 4 channels. */
const isImageShape = ({ length, 3: channels }: tf.Shape) => length === 4 && (channels ?? 3) <= 4;

/** The pixels in the outputs of a model; adds to `readings`. */
function evaluateModel(
  model: tf.LayersModel,
  inputs: readonly TensorPixels[],
  readings: ScaledPixels[],
): TensorPixels[] {
  const known = new Map<tf.SymbolicTensor, TensorPixels>(model.inputs.map((x, i) => [x, inputs[i]]));
  const pixelsOf = (x: tf.SymbolicTensor): TensorPixels => {
    const pixels = known.get(x);
    if (pixels) return pixels;
    const outputs = evaluateLayer(x.sourceLayer, x.inputs.map(pixelsOf), readings);
    const { outputTensors } = x.sourceLayer.inboundNodes[x.nodeIndex];
    outputTensors.forEach((y, i) => known.set(y, outputs[i] ?? []));
    return known.get(x)!;
  };
  return model.outputs.map(pixelsOf);
}

function evaluateLayer(
  layer: tf.layers.Layer,
  inputs: readonly TensorPixels[],
  readings: ScaledPixels[],
): TensorPixels[] {
  if (inputs.every(({ length }) => length === 0)) return [];
  if (layer instanceof tf.LayersModel) return evaluateModel(layer, inputs, readings);
  const className = layer.getClassName();
  if (JOINING.has(className) && inputs.every(({ length }) => length > 0)) return [inputs.flat()];
  const scaling = inputs.length === 1 ? scalingOf(layer, className) : undefined;
  if (scaling === 'none') return [inputs[0]];
  if (scaling) return [inputs[0].map((pixels) => compose(pixels, scaling))];
  readings.push(...inputs.flat());
  return [];
}

/** What a layer does to each value; undefined if that is no scale and offset. */
function scalingOf(layer: tf.layers.Layer, className: string): ScaledPixels | 'none' | undefined {
  if (KEEPING_SCALE.has(className)) return 'none';
  const config = layer.getConfig();
  if (className === 'Activation') return config.activation === 'linear' ? 'none' : undefined;
  if (className === 'Rescaling') {
    const { scale, offset } = config as { scale: number | number[]; offset: number | number[] };
    return { scale: [scale].flat(), offset: [offset].flat() };
  }
  return className === 'Normalization' ? normalizationScaling(layer, config as never) : undefined;
}

/** Keeps the scale of a constant channel finite. */
const LEAST_STANDARD_DEVIATION = 1e-7;

function normalizationScaling(
  layer: tf.layers.Layer,
  { mean: givenMean, variance: givenVariance, invert }: NormalizationOptions,
): ScaledPixels | undefined {
  if (invert) return undefined;
  const [mean, variance] = givenMean
    ? [givenMean, givenVariance!]
    : layer.getWeights().map((weight) => [...weight.dataSync()]);
  const scale = variance.map((value) => 1 / Math.max(Math.sqrt(value), LEAST_STANDARD_DEVIATION));
  return { scale, offset: scale.map((value, i) => -value * mean[i % mean.length]) };
}

/** First `inner`, then `outer`: outer.scale * (inner.scale * p + inner.offset) + outer.offset. */
function compose(inner: ScaledPixels, outer: ScaledPixels): ScaledPixels {
  const lists = [inner.scale, inner.offset, outer.scale, outer.offset];
  const channels = Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, i) =>
    lists.map((list) => list[i % list.length]),
  );
  return {
    before: inner,
    scale: channels.map(([innerScale, , outerScale]) => outerScale * innerScale),
    offset: channels.map(
      ([, innerOffset, outerScale, outerOffset]) => outerScale * innerOffset + outerOffset,
    ),
  };
}
