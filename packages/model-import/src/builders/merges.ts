import * as tf from '@tensorflow/tfjs';
import type { Builder } from '../build-layer.js';
import { ALIGNED } from '../operations.js';
import { Subtract } from '../layers/subtract.js';

const elementwise =
  (make: (config: never) => tf.layers.Layer): Builder =>
  (options, inputs) => {
    if (options.value(ALIGNED) && inputs.some(({ length }) => length !== inputs[0].length))
      options.refuse('operands that have not as many axes each; reshape them, or merge them by a layer');
    return make(options.common as never);
  };

const concatenate: Builder = (options, [input]) => {
  const axis = options.number('axis', -1);
  // TensorFlow.js reads a negative axis other than the last as another one.
  return tf.layers.concatenate({ ...options.common, axis: axis < 0 ? axis + input.length : axis });
};

export const merges: Readonly<Record<string, Builder>> = {
  Add: elementwise(tf.layers.add),
  Subtract: elementwise((config) => new Subtract(config)),
  Multiply: elementwise(tf.layers.multiply),
  Average: elementwise(tf.layers.average),
  Maximum: elementwise(tf.layers.maximum),
  Minimum: elementwise(tf.layers.minimum),
  Concatenate: concatenate,
  Dot: (options) =>
    tf.layers.dot({
      ...options.common,
      axes: options.value('axes') as number,
      normalize: options.flag('normalize', false),
    }),
};
