import * as tf from '@tensorflow/tfjs';
import type { LayerOptions } from '../keras/layer-options.js';
import { AxisBatchNormalization } from '../layers/axis-batch-normalization.js';
import { GroupNormalization } from '../layers/group-normalization.js';
import { LayerScale } from '../layers/layer-scale.js';
import { Normalization } from '../layers/normalization.js';
import { RMSNormalization, UnitNormalization } from '../layers/vector-normalizations.js';
import type { Builder, Builders } from './builder.js';

/**
 * The axes of a layer, the last one by default; none for null. Keras 2 writes a list, Keras 3 also a number.
 */
function readAxes(options: LayerOptions): number[] {
  const value = options.value('axis');
  if (value === undefined) return [-1];
  if (value === null) return [];
  const axes: unknown[] = Array.isArray(value) ? value : [value];
  if (!axes.every((axis) => Number.isInteger(axis)))
    options.fail(`axis ${JSON.stringify(value)}, which is not a list of integers`);
  return axes as number[];
}

const readCommon = (options: LayerOptions) => ({
  ...options.common,
  epsilon: options.number('epsilon', 1e-3),
  center: options.boolean('center', true),
  scale: options.boolean('scale', true),
});

const batchNormalization: Builder = (options, [input]) => {
  options.expectUnused('renorm', false);
  // Keras 1: 1 normalizes each example, 2 by the statistics of the batch, also in inference.
  options.expectUnused('mode', 0);
  const axes = readAxes(options);
  if (axes.length !== 1) options.fail(`axis ${JSON.stringify(axes)}, which is not a single axis`);
  const [axis] = axes;
  const config = { ...readCommon(options), axis };
  if (axis === -1 || axis === input.length - 1)
    return tf.layers.batchNormalization({ ...config, momentum: options.number('momentum', 0.99) });
  options.warn('uses its moving statistics in training as well');
  return new AxisBatchNormalization(config);
};

const layerNormalization: Builder = (options) => {
  options.expectUnused('rms_scaling', false);
  return tf.layers.layerNormalization({ ...readCommon(options), axis: readAxes(options) });
};

const normalization: Builder = (options) =>
  new Normalization({
    ...options.common,
    axis: readAxes(options),
    mean: options.optionalNumbers('mean'),
    variance: options.optionalNumbers('variance'),
    invert: options.boolean('invert', false),
  });

const groupNormalization: Builder = (options, [input]) => {
  const axes = readAxes(options);
  const axis = axes.length === 1 ? axes[0] : NaN;
  if (axis !== -1 && axis !== input.length - 1)
    options.fail(`axis ${JSON.stringify(options.value('axis'))}, of which only the last one is supported`);
  const channels = input.at(-1);
  const declared = options.number('groups', 32);
  // -1: each channel is a group.
  const groups = declared === -1 ? (channels ?? 0) : declared;
  if (!channels || !Number.isInteger(groups) || groups < 1 || channels % groups !== 0)
    options.fail(`${declared} groups, which do not divide ${channels} channels`);
  return new GroupNormalization({ ...readCommon(options), groups });
};

const rmsNormalization: Builder = (options) => {
  const axis = readAxes(options);
  if (axis.length !== 1) options.fail(`axis ${JSON.stringify(axis)}, which is not a single axis`);
  return new RMSNormalization({ ...options.common, axis, epsilon: options.number('epsilon', 1e-6) });
};

const layerScale: Builder = (options, [input]) =>
  new LayerScale({ ...options.common, channels: options.integer('projection_dim', input.at(-1) ?? 0) });

export const normalizations: Builders = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  LayerScale: layerScale,
  RMSNormalization: rmsNormalization,
  UnitNormalization: (options) => new UnitNormalization({ ...options.common, axis: readAxes(options) }),
  LayerNormalization: layerNormalization,
  Normalization: normalization,
};
