import * as tf from '@tensorflow/tfjs';
import { SAME_RANK } from '../operations/operations.js';
import { Subtract } from '../layers/subtract.js';
import type { Builder, Builders, LayerFactory } from './builder.js';

const elementwise =
  (create: LayerFactory): Builder =>
  (options, inputs) => {
    if (options.value(SAME_RANK) && inputs.some(({ length }) => length !== inputs[0].length))
      options.fail('operands of different rank; reshape them, or use a merge layer');
    return create(options.common as never);
  };

const concatenate: Builder = (options, [input]) => {
  const axis = options.number('axis', -1);
  // TensorFlow.js takes a negative axis other than -1 for a different axis.
  return tf.layers.concatenate({ ...options.common, axis: axis < 0 ? axis + input.length : axis });
};

const dot: Builder = (options) =>
  tf.layers.dot({
    ...options.common,
    axes: options.value('axes') as number,
    normalize: options.boolean('normalize', false),
  });

export const merges: Builders = {
  Add: elementwise(tf.layers.add),
  Average: elementwise(tf.layers.average),
  Concatenate: concatenate,
  Dot: dot,
  Maximum: elementwise(tf.layers.maximum),
  Minimum: elementwise(tf.layers.minimum),
  Multiply: elementwise(tf.layers.multiply),
  Subtract: elementwise((config) => new Subtract(config)),
};
