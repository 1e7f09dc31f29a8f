import { SelectChannels } from '../layers/select-channels.js';
import { StackTensors } from '../layers/stack-tensors.js';
import type { Builder, Builders } from './builder.js';

const selectChannels: Builder = (options, [input]) => {
  const size = input.at(-1) ?? 0;
  const channels = options.numbers('channels');
  if (!channels.every((channel) => Number.isInteger(channel) && channel >= 0 && channel < size))
    return options.fail(`channels ${JSON.stringify(channels)} of ${size}`);
  return new SelectChannels({ ...options.common, channels, keepsAxis: options.boolean('keepsAxis', true) });
};

const stackTensors: Builder = (options, shapes) => {
  const axis = options.number('axis');
  const rank = shapes[0].length;
  // An axis before the batch would mix images.
  if (!Number.isInteger(axis) || axis === 0 || axis < -rank || axis > rank)
    return options.fail(`axis ${axis}, which is no axis of an image`);
  if (shapes.some((shape) => shape.join() !== shapes[0].join()))
    return options.fail('tensors of several shapes');
  return new StackTensors({ ...options.common, axis });
};

/** Layers for operations of keras.ops that no Keras layer class computes. */
export const tensorOperations: Builders = { SelectChannels: selectChannels, StackTensors: stackTensors };
