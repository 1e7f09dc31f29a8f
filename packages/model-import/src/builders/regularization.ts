import * as tf from '@tensorflow/tfjs';
import type { Builder, Builders, LayerFactory } from './builder.js';
import { identityWithWarning } from './core-layers.js';

const withRate =
  (create: LayerFactory): Builder =>
  (options) =>
    create({ ...options.common, rate: options.number('rate') } as never);

const dropout: Builder = (options) => {
  const noiseShape = options.value('noise_shape') as number[] | null | undefined;
  return tf.layers.dropout({
    ...options.common,
    rate: options.number('rate'),
    ...(noiseShape && { noiseShape }),
  });
};

/** Drops whole feature maps. `noiseShape` has null for the axes that are dropped independently. */
const spatialDropout = (noiseShape: (number | null)[]): Builder =>
  withRate((config: object) => tf.layers.dropout({ ...config, noiseShape } as never));

const activityRegularization: Builder = (options) =>
  identityWithWarning(options, 'is imported as the identity: it only adds to the training loss');

export const regularization: Builders = {
  ActivityRegularization: activityRegularization,
  AlphaDropout: withRate(tf.layers.alphaDropout),
  Dropout: dropout,
  GaussianDropout: withRate(tf.layers.gaussianDropout),
  GaussianNoise: (options) =>
    tf.layers.gaussianNoise({ ...options.common, stddev: options.number('stddev') }),
  SpatialDropout1D: spatialDropout([null, 1, null]),
  SpatialDropout2D: spatialDropout([null, 1, 1, null]),
};
