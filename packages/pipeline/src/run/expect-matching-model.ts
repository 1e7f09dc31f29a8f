import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import type { ImageInfo } from '../data/training-images.js';

/**
 * Throws an InputError if a model cannot be trained on these images: by its inputs, its outputs, or their
 * shapes.
 */
export function expectMatchingModel(
  { inputs, outputs }: tf.LayersModel,
  { height, width, channels, classNames }: ImageInfo,
): void {
  if (inputs.length !== 1 || outputs.length !== 1)
    throw new InputError(
      `Expected a model with one input and one output, got ${inputs.length} and ${outputs.length}`,
    );
  const [, ...inputShape] = inputs[0].shape;
  const imageShape = [height, width, channels];
  if (inputShape.length !== 3 || inputShape.some((size, i) => size !== null && size !== imageShape[i]))
    throw new InputError(
      `Expected a model that reads images of ${imageShape.join(' x ')}, got one that reads ` +
        `${inputShape.join(' x ')}`,
    );
  const [, ...outputShape] = outputs[0].shape;
  // One unit is the probability of the second of two classes.
  const isBinary = outputShape.length === 1 && outputShape[0] === 1 && classNames.length === 2;
  if (!isBinary && (outputShape.length !== 1 || outputShape[0] !== classNames.length))
    throw new InputError(
      `Expected a model with ${classNames.length} outputs, one per class, got ${outputShape.join(' x ')}`,
    );
}

/** Throws an InputError if two classes have one name: results are kept by the names of the classes. */
export function expectDistinctClasses({ name, classNames }: ImageInfo): void {
  const repeated = classNames.find((className, i) => classNames.indexOf(className) < i);
  if (repeated !== undefined)
    throw new InputError(
      `Expected classes of different names in ${name}, got ${JSON.stringify(repeated)} twice`,
    );
}
