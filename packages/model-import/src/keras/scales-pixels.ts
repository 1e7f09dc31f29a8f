import type * as tf from '@tensorflow/tfjs';

/**
 * The largest range that scaled pixels may have. A scale that maps 0..255 to at most this range would map an
 * input of 0..1 to nearly nothing, so it is meant for pixels.
 */
const MAX_SCALED_RANGE = 32;

/** Whether a model with one input scales pixels of 0..255 itself: all layers that read the input do. */
export function scalesPixels({ inputs, layers }: tf.LayersModel): boolean {
  if (inputs.length !== 1) return false;
  const readers = layers.filter((layer) => readsTensor(layer, inputs[0]));
  return readers.length > 0 && readers.every(isPixelScaling);
}

const readsTensor = (layer: tf.layers.Layer, tensor: tf.SymbolicTensor) =>
  layer.inboundNodes.some(
    ({ inputTensors, outputTensors }) => inputTensors.includes(tensor) && outputTensors[0] !== tensor,
  );

/** Whether a layer scales or shifts so much that its input cannot be 0..1 or -1..1. */
function isPixelScaling(layer: tf.layers.Layer): boolean {
  const className = layer.getClassName();
  if (className === 'Rescaling') return isPixelRescaling(layer);
  return className === 'Normalization' && isPixelNormalization(layer);
}

function isPixelRescaling(layer: tf.layers.Layer): boolean {
  const { scale, offset } = layer.getConfig() as { scale: number | number[]; offset: number | number[] };
  const [maxScale, maxOffset] = [scale, offset].map((values) => maxMagnitude([values].flat()));
  return 255 * maxScale <= MAX_SCALED_RANGE || maxOffset > 2 * maxScale;
}

function isPixelNormalization(layer: tf.layers.Layer): boolean {
  const options = layer.getConfig() as { mean: number[] | null; variance: number[]; invert: boolean };
  if (options.invert) return false;
  const [mean, variance] = options.mean
    ? [options.mean, options.variance]
    : layer.getWeights().map((weight) => weight.dataSync());
  const standardDeviation = Math.sqrt(maxMagnitude(variance));
  return standardDeviation >= 255 / MAX_SCALED_RANGE || maxMagnitude(mean) > 2;
}

const maxMagnitude = (values: ArrayLike<number>) =>
  Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
