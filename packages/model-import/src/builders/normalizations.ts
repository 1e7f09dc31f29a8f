import * as tf from '@tensorflow/tfjs';
import type { Builder } from '../build-layer.js';
import type { Options } from '../layer-config.js';
import { AxisBatchNormalization } from '../layers/axis-batch-normalization.js';
import { Normalization } from '../layers/normalization.js';

/** The axes an option names: a number, a list (as Keras 2 writes it), or null. */
function axesOf(options: Options, fallback: number): number[] {
  const value = options.value('axis') === undefined ? fallback : options.value('axis');
  const list = value === null ? [] : Array.isArray(value) ? value : [value];
  if (!list.every((axis) => Number.isInteger(axis)))
    options.refuse(`axis ${JSON.stringify(value)}, which is no whole number`);
  return list as number[];
}

const batchNormalization: Builder = (options, [input]) => {
  options.unused('renorm', false);
  const axes = axesOf(options, -1);
  if (axes.length !== 1) options.refuse(`axis ${axes}, of which there must be one`);
  const shared = {
    ...options.common,
    axis: axes[0],
    epsilon: options.number('epsilon', 1e-3),
    center: options.flag('center', true),
    scale: options.flag('scale', true),
  };
  if (axes[0] === -1 || axes[0] === input.length - 1)
    return tf.layers.batchNormalization({ ...shared, momentum: options.number('momentum', 0.99) });
  options.note('normalizes by its moving statistics in training too');
  return new AxisBatchNormalization(shared);
};

const layerNormalization: Builder = (options) => {
  options.unused('rms_scaling', false);
  return tf.layers.layerNormalization({
    ...options.common,
    axis: axesOf(options, -1),
    epsilon: options.number('epsilon', 1e-3),
    center: options.flag('center', true),
    scale: options.flag('scale', true),
  });
};

const numbersOf = (options: Options, key: string) =>
  options.value(key) === null || options.value(key) === undefined ? null : options.numbers(key);

export const normalizations: Readonly<Record<string, Builder>> = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  Normalization: (options) =>
    new Normalization({
      ...options.common,
      axis: axesOf(options, -1),
      mean: numbersOf(options, 'mean'),
      variance: numbersOf(options, 'variance'),
      invert: options.flag('invert', false),
    }),
};
