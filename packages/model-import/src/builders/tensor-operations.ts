import * as tf from '@tensorflow/tfjs';
import type { LayerOptions } from '../keras/layer-options.js';
import { Elementwise, type ElementwiseFunction } from '../operation-layers/elementwise.js';
import { ReduceAxes, type Reduction } from '../operation-layers/reduce-axes.js';
import { SelectChannels } from '../operation-layers/select-channels.js';
import { SliceTensor } from '../operation-layers/slice-tensor.js';
import { StackTensors } from '../operation-layers/stack-tensors.js';
import { tensorSlices } from '../operations/tensor-slices.js';
import type { Builder, Builders } from './builder.js';
import { pooling } from './pooling.js';

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

/** Axes of one image, ascending, counted from the axis of the batch; negative ones count from the end. */
function readAxes(options: LayerOptions, key: string, rank: number): number[] {
  const value = options.value(key) ?? null;
  const axes = [value].flat().map((axis) => ((axis as number) < 0 ? (axis as number) + rank : axis));
  // Over the axis of the batch, or over all axes, images would be mixed.
  const isAxis = (axis: unknown) => Number.isInteger(axis) && (axis as number) > 0 && (axis as number) < rank;
  if (axes.length === 0 || !axes.every(isAxis) || new Set(axes).size < axes.length)
    return options.fail(`${key} ${JSON.stringify(value)}, which are not axes of one image`);
  return (axes as number[]).sort((a, b) => a - b);
}

const POOLING = { mean: 'GlobalAveragePooling', max: 'GlobalMaxPooling' } as const;

/** Over all rows and columns it is a global pooling, which class activation maps know. */
const reduceAxes =
  (reduction: Reduction): Builder =>
  (options, [input]) => {
    options.expectUnused('initial');
    const axes = readAxes(options, 'axis', input.length);
    const dimensions = input.length - 2;
    const isSpatial = axes.length === dimensions && axes.at(-1) === dimensions && dimensions <= 3;
    if (isSpatial && (reduction === 'mean' || reduction === 'max'))
      return pooling[`${POOLING[reduction]}${dimensions}D`](options, [input]);
    const keepDims = options.boolean('keepdims', false);
    return new ReduceAxes({ ...options.common, reduction, axes, keepDims });
  };

const sliceTensor: Builder = (options, [input]) => {
  const slices = tensorSlices(options.value('index'), input);
  if (!slices) return options.fail(`the index ${JSON.stringify(options.value('index')).slice(0, 200)}`);
  return new SliceTensor({ ...options.common, slices });
};

/** A function of each value with the numbers in these options. */
const elementwise =
  (name: ElementwiseFunction, ...keys: string[]): Builder =>
  (options) =>
    new Elementwise({ ...options.common, function: name, numbers: keys.map((key) => options.number(key)) });

const product = (sizes: readonly (number | null)[]) =>
  sizes.reduce<number>((total, size) => total * (size ?? NaN), 1);

/** A reshape of each image; the first size is that of the batch, null or -1. */
const reshapeTensor: Builder = (options, [input]) => {
  const shape = options.value('newshape') ?? null;
  const isSize = (size: unknown) => Number.isSafeInteger(size) && (size as number) >= 1;
  const [batch, ...sizes] = Array.isArray(shape) ? (shape as unknown[]) : [];
  const isBatch = batch === null || batch === -1;
  if (!isBatch || !sizes.every(isSize) || product(sizes as number[]) !== product(input.slice(1)))
    return options.fail(`the new shape ${JSON.stringify(shape)}, which does not keep the axis of the batch`);
  return tf.layers.reshape({ ...options.common, targetShape: sizes as number[] });
};

const expandDims: Builder = (options, [input]) => {
  const sizes = input.slice(1);
  const [axis] = readAxes(options, 'axis', input.length + 1);
  if (sizes.includes(null)) return options.fail('an input of unknown size');
  return tf.layers.reshape({
    ...options.common,
    targetShape: [...sizes.slice(0, axis - 1), 1, ...sizes.slice(axis - 1)],
  });
};

const squeeze: Builder = (options, [input]) => {
  const axes = readAxes(options, 'axis', input.length);
  if (input.slice(1).includes(null)) return options.fail('an input of unknown size');
  if (axes.some((axis) => input[axis] !== 1)) return options.fail('an axis that is longer than 1');
  const targetShape = input.filter((_, axis) => axis > 0 && !axes.includes(axis));
  return tf.layers.reshape({ ...options.common, targetShape });
};

/** Layers for operations of keras.ops that no Keras layer class computes, by the name of the operation where it has its options. */
export const tensorOperations: Builders = {
  Absolute: elementwise('abs'),
  Clip: elementwise('clip', 'x_min', 'x_max'),
  ExpandDims: expandDims,
  GetItem: sliceTensor,
  Log: elementwise('log'),
  Max: reduceAxes('max'),
  Mean: reduceAxes('mean'),
  Min: reduceAxes('min'),
  Power: elementwise('power', 'exponent'),
  ReshapeTensor: reshapeTensor,
  SelectChannels: selectChannels,
  Sqrt: elementwise('sqrt'),
  Square: elementwise('square'),
  Squeeze: squeeze,
  StackTensors: stackTensors,
  Sum: reduceAxes('sum'),
};
