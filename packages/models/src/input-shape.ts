import { expectModel, expectInteger, expectOptions, InputError, type OptionNames } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/** The shape of one image that a model reads. */
export interface InputShape {
  readonly height: number;
  readonly width: number;
  /** 1 (gray) or 3 (color). */
  readonly channels: 1 | 3;
}

export interface InputShapeOptions {
  /** The name of the model in messages; default `model.name`. */
  readonly name?: string;
  /** The height and width, in pixels, of a model that leaves them open; default: such a model is refused. */
  readonly openSize?: number;
}

const INPUT_SHAPE_OPTIONS: OptionNames<InputShapeOptions> = { name: true, openSize: true };

/**
 * The height, width and channels of the images that a model reads.
 *
 * @throws InputError if the model does not read single images of 1 or 3 channels, or leaves their size open.
 */
export function inputShapeOf(model: tf.LayersModel, options: InputShapeOptions = {}): InputShape {
  expectOptions('inputShapeOf', options, INPUT_SHAPE_OPTIONS);
  expectModel('model', model);
  const { inputs } = model;
  const { name = model.name, openSize } = options;
  if (openSize !== undefined) expectInteger('openSize', openSize, { min: 1 });
  const [, ...shape] = inputs[0].shape;
  const [height = 0, width = 0] = shape.map((size) => size ?? openSize);
  const channels = shape[2];
  if (inputs.length === 1 && shape.length === 3 && height && width && (channels === 1 || channels === 3))
    return { height, width, channels };
  const shapes = inputs.map((input) => input.shape.map((size) => size ?? '?').join(' x ')).join(' and ');
  throw new InputError(`Expected ${name} to read images of one size, of 1 or 3 channels, got ${shapes}`);
}
