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
  /**
   * The height and width, in pixels, of a model that leaves them open: one number for both, or each. Default: such a model is
   * refused.
   */
  readonly openSize?: number | Pick<InputShape, 'height' | 'width'>;
}

const INPUT_SHAPE_OPTIONS: OptionNames<InputShapeOptions> = { name: true, openSize: true };

/**
 * The height, width and channels of the images that a model reads: 1 channel for an input of height x width without an axis of
 * channels.
 *
 * @throws InputError if the model does not read single images of 1 or 3 channels, or leaves their size open.
 */
export function inputShapeOf(model: tf.LayersModel, options: InputShapeOptions = {}): InputShape {
  expectOptions('inputShapeOf', options, INPUT_SHAPE_OPTIONS);
  expectModel('model', model);
  const { inputs } = model;
  const { name = model.name, openSize } = options;
  const [openHeight, openWidth] =
    typeof openSize === 'object' ? [openSize.height, openSize.width] : [openSize, openSize];
  for (const side of [openHeight, openWidth])
    if (side !== undefined) expectInteger('openSize', side, { min: 1 });
  const [, ...shape] = inputs[0].shape;
  const [height, width] = [shape[0] ?? openHeight, shape[1] ?? openWidth];
  const channels = shape.length === 2 ? 1 : shape.length === 3 ? shape[2] : undefined;
  if (inputs.length === 1 && height && width && (channels === 1 || channels === 3))
    return { height, width, channels };
  const shapes = inputs.map((input) => input.shape.map((size) => size ?? '?').join(' x ')).join(' and ');
  throw new InputError(`Expected ${name} to read images of one size, of 1 or 3 channels, got ${shapes}`);
}
