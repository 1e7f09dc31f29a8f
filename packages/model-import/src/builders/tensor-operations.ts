import { SelectChannels } from '../layers/select-channels.js';
import { StackTensors } from '../layers/stack-tensors.js';
import type { Builder, Builders } from './builder.js';

const selectChannels: Builder = (options) =>
  new SelectChannels({
    ...options.common,
    channels: options.value('channels') as number[],
    keepsAxis: options.boolean('keepsAxis', true),
  });

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
