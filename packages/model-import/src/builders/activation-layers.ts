import * as tf from '@tensorflow/tfjs';
import { AxisSoftmax } from '../layers/axis-softmax.js';
import { GeneralReLU } from '../layers/general-relu.js';
import { ScaledELU } from '../layers/scaled-elu.js';
import type { Builder, Builders } from './builder.js';

const reLU: Builder = (options) => {
  const negativeSlope = options.number('negative_slope', 0);
  const threshold = options.number('threshold', 0);
  const maxValue = options.optionalNumber('max_value');
  if (negativeSlope !== 0 || threshold !== 0)
    return new GeneralReLU({ ...options.common, negativeSlope, threshold, maxValue });
  return tf.layers.reLU({ ...options.common, ...(maxValue !== null && { maxValue }) });
};

const leakyReLU: Builder = (options) => {
  // Keras 2 names the slope alpha.
  const hasSlope = options.value('negative_slope') !== undefined;
  const alpha = hasSlope ? options.number('negative_slope') : options.number('alpha', 0.3);
  return tf.layers.leakyReLU({ ...options.common, alpha });
};

const eLU: Builder = (options) => {
  const alpha = options.number('alpha', 1);
  return alpha === 1 ? tf.layers.elu(options.common) : new ScaledELU({ ...options.common, alpha });
};

const MAX_AXES = 8;

const preLU: Builder = (options) => {
  const sharedAxes = options.value('shared_axes') ? options.integerList('shared_axes', MAX_AXES) : undefined;
  return tf.layers.prelu({ ...options.common, ...(sharedAxes && { sharedAxes }) });
};

const softmax: Builder = (options, [input]) => {
  const axis = options.numbers('axis', -1);
  const isLastAxis = axis.length === 1 && (axis[0] === -1 || axis[0] === input.length - 1);
  return isLastAxis
    ? tf.layers.softmax({ ...options.common, axis: -1 })
    : new AxisSoftmax({ ...options.common, axis });
};

export const activationLayers: Builders = {
  ELU: eLU,
  LeakyReLU: leakyReLU,
  PReLU: preLU,
  ReLU: reLU,
  Softmax: softmax,
  ThresholdedReLU: (options) =>
    tf.layers.thresholdedReLU({ ...options.common, theta: options.number('theta', 1) }),
};
