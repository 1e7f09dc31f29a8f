import * as tf from '@tensorflow/tfjs';
import type { LayerOptions } from '../keras/layer-options.js';
import type { Builder, Builders } from './builder.js';

/** A built-in layer that outputs its input. */
export const identity = ({ common }: LayerOptions): tf.layers.Layer =>
  tf.layers.activation({ ...common, activation: 'linear' });

export function identityWithWarning(options: LayerOptions, warning: string): tf.layers.Layer {
  options.warn(warning);
  return identity(options);
}

const dense: Builder = (options) =>
  tf.layers.dense({
    ...options.common,
    units: options.integer('units'),
    useBias: options.boolean('use_bias', true),
    activation: options.activation(),
  });

export const coreLayers: Builders = {
  Activation: (options) => tf.layers.activation({ ...options.common, activation: options.activation() }),
  Dense: dense,
  Identity: identity,
};
