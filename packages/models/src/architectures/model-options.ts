import { expectInteger, expectOptions, InputError, type OptionNames } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

export interface ModelOptions {
  /** [height, width, channels] of one image, each >= 1. Default: that of the architecture. */
  inputShape?: [number, number, number];
  /** The number of classes, >= 2. Default: that of the architecture, 10. */
  classes?: number;
  /** Determines the initial weights and the dropout masks. Default 0. */
  seed?: number;
}

const MODEL_OPTIONS: OptionNames<ModelOptions> = { inputShape: true, classes: true, seed: true };

/** A named function that builds a model. */
export interface Architecture {
  readonly id: string;
  /** The default [height, width, channels]. */
  readonly inputShape: readonly [number, number, number];
  /** The default number of classes. */
  readonly classes: number;
  /** The names of further options of `build`. Default: none. */
  readonly options?: Readonly<Record<string, true>>;
  build(options?: ModelOptions): tf.LayersModel;
}

/** Throws an InputError for an option that the architecture does not have. */
export const expectModelOptions = (options: object, { id, options: furtherNames }: Architecture): void =>
  expectOptions<object>(id, options, { ...MODEL_OPTIONS, ...furtherNames } as OptionNames<object>);

/**
 * The options with the defaults of the architecture.
 *
 * @throws InputError for an option that is unknown or out of range.
 */
export function resolveModelOptions(options: ModelOptions, entry: Architecture): Required<ModelOptions> {
  expectModelOptions(options, entry);
  const {
    inputShape: [...defaultShape],
    classes: defaultClasses,
  } = entry;
  const { inputShape = defaultShape, classes = defaultClasses, seed = 0 } = options;
  if (!Array.isArray(inputShape) || inputShape.length !== 3)
    throw new InputError(
      `Expected inputShape to be [height, width, channels], got ${JSON.stringify(inputShape)}`,
    );
  ['height', 'width', 'channels'].forEach((name, i) =>
    expectInteger(`inputShape's ${name}`, inputShape[i], { min: 1 }),
  );
  expectInteger('classes', classes, { min: 2 });
  expectInteger('seed', seed, { min: Number.MIN_SAFE_INTEGER });
  return { inputShape, classes, seed };
}
