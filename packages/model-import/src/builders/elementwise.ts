import * as tf from '@tensorflow/tfjs';
import type { Builder } from '../build-layer.js';
import type { Options } from '../layer-config.js';
import { AxisSoftmax } from '../layers/axis-softmax.js';
import { GeneralReLU } from '../layers/general-relu.js';
import { ScaledELU } from '../layers/scaled-elu.js';

/** A stock layer that passes its input on. */
export const identity = ({ common }: Options) => tf.layers.activation({ ...common, activation: 'linear' });

const rated =
  (make: (config: never) => tf.layers.Layer): Builder =>
  (options) =>
    make({ ...options.common, rate: options.number('rate') } as never);

/** Whole maps at a time. */
const spatialDropout2d: Builder = (options) =>
  tf.layers.dropout({
    ...options.common,
    rate: options.number('rate'),
    noiseShape: [null, 1, 1, null] as never,
  });

const limit = (options: Options, key: string) =>
  options.value(key) === null || options.value(key) === undefined ? null : options.number(key);

const reLU: Builder = (options) => {
  const [negativeSlope, threshold] = [options.number('negative_slope', 0), options.number('threshold', 0)];
  const maxValue = limit(options, 'max_value');
  if (negativeSlope !== 0 || threshold !== 0)
    return new GeneralReLU({ ...options.common, negativeSlope, threshold, maxValue });
  return tf.layers.reLU({ ...options.common, ...(maxValue !== null && { maxValue }) });
};

const leakyReLU: Builder = (options) => {
  // Keras 2 calls it alpha.
  const alpha =
    options.value('negative_slope') === undefined
      ? options.number('alpha', 0.3)
      : options.number('negative_slope');
  return tf.layers.leakyReLU({ ...options.common, alpha });
};

const eLU: Builder = (options) => {
  const alpha = options.number('alpha', 1);
  return alpha === 1 ? tf.layers.elu(options.common) : new ScaledELU({ ...options.common, alpha });
};

const preLU: Builder = (options) =>
  tf.layers.prelu({
    ...options.common,
    ...(options.value('shared_axes') ? { sharedAxes: options.integers('shared_axes', 8) as number[] } : {}),
  });

const softmax: Builder = (options, [input]) => {
  const axes = options.numbers('axis', -1);
  const isLast = axes.length === 1 && (axes[0] === -1 || axes[0] === input.length - 1);
  if (!isLast) return new AxisSoftmax({ ...options.common, axis: axes });
  return tf.layers.softmax({ ...options.common, axis: -1 });
};

const dropout: Builder = (options) => {
  const noiseShape = options.value('noise_shape') as number[] | null | undefined;
  return tf.layers.dropout({
    ...options.common,
    rate: options.number('rate'),
    ...(noiseShape && { noiseShape }),
  });
};

const gaussianNoise: Builder = (options) =>
  tf.layers.gaussianNoise({ ...options.common, stddev: options.number('stddev') });

/** Activations as layers, and what disturbs in training. */
export const elementwise: Readonly<Record<string, Builder>> = {
  Activation: (options) => tf.layers.activation({ ...options.common, activation: options.activation() }),
  ReLU: reLU,
  LeakyReLU: leakyReLU,
  PReLU: preLU,
  ELU: eLU,
  ThresholdedReLU: (options) =>
    tf.layers.thresholdedReLU({ ...options.common, theta: options.number('theta', 1) }),
  Softmax: softmax,
  Identity: identity,
  ActivityRegularization: (options) => {
    options.note('is read as the identity: it only adds to the loss');
    return identity(options);
  },
  Dropout: dropout,
  SpatialDropout1D: (options) =>
    tf.layers.dropout({
      ...options.common,
      rate: options.number('rate'),
      noiseShape: [null, 1, null] as never,
    }),
  SpatialDropout2D: spatialDropout2d,
  AlphaDropout: rated(tf.layers.alphaDropout),
  GaussianDropout: rated(tf.layers.gaussianDropout),
  GaussianNoise: gaussianNoise,
};
