import * as tf from '@tensorflow/tfjs';
import type { Builder } from '../build-layer.js';
import { Subtract } from '../layers/subtract.js';

const plain =
  (make: (config: never) => tf.layers.Layer): Builder =>
  (options) =>
    make(options.common as never);

export const merges: Readonly<Record<string, Builder>> = {
  Add: plain(tf.layers.add),
  Subtract: plain((config) => new Subtract(config)),
  Multiply: plain(tf.layers.multiply),
  Average: plain(tf.layers.average),
  Maximum: plain(tf.layers.maximum),
  Minimum: plain(tf.layers.minimum),
  Concatenate: (options) => tf.layers.concatenate({ ...options.common, axis: options.number('axis', -1) }),
  Dot: (options) =>
    tf.layers.dot({
      ...options.common,
      axes: options.value('axes') as number,
      normalize: options.flag('normalize', false),
    }),
};
